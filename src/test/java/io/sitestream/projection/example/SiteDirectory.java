package io.sitestream.projection.example;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.Topic;
import io.sitestream.projection.Projection;
import io.sitestream.site.SiteMetadata;
import io.sitestream.site.SiteTopics;
import org.jspecify.annotations.Nullable;

// tag::projection[]
/**
 * Projects where sites are published and whose they are, found by domain and by owner.
 */
class SiteDirectory implements Projection<SiteMetadata> {

	private final RecordFormat format = new RecordFormat();

	@Override
	public String name() {
		return "site-directory";
	}

	@Override
	public Topic<SiteMetadata> topic() {
		return SiteTopics.SITE_METADATA;
	}

	@Override
	public long version(SiteMetadata site) {
		return site.version();
	}

	@Override
	public @Nullable Long tombstoneVersion(Map<String, String> headers) {
		String version = headers.get(SiteTopics.VERSION_HEADER);
		return (version != null && version.matches("\\d{1,15}")) ? Long.valueOf(version) : null;
	}

	@Override
	public byte[] view(SiteMetadata site) {
		return this.format.write(new Entry(site.siteId(), site.ownerId(), site.domain()));
	}

	@Override
	public Set<String> indexKeys(byte[] view) {
		Entry entry = this.format.read(view, Entry.class);
		Set<String> keys = new LinkedHashSet<>(Set.of("owner/" + entry.ownerId()));
		if (entry.domain() != null) {
			keys.add("domain/" + entry.domain());
		}
		return keys;
	}

	record Entry(String siteId, String ownerId, @Nullable String domain) {

	}

}
// end::projection[]
