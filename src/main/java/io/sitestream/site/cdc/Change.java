package io.sitestream.site.cdc;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

import io.sitestream.platform.Emission;
import io.sitestream.site.SiteTopics;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code site.changes}.
 *
 * @param changeId the row
 * @param siteId the site
 * @param version the site's version
 * @param payload the value on {@code site-metadata}, or {@code null} for a deletion
 * @param changedAt when it was written, by the database's clock
 */
record Change(long changeId, String siteId, long version, @Nullable String payload, Instant changedAt) {

	/**
	 * The record that the write path {@code consumer} would emit.
	 * @return a record with the payload as it is
	 */
	Emission emission() {
		String text = this.payload;
		return new Emission(SiteTopics.SITE_METADATA, this.siteId,
				(text != null) ? text.getBytes(StandardCharsets.UTF_8) : null,
				Map.of(SiteTopics.VERSION_HEADER, Long.toString(this.version)));
	}

}
