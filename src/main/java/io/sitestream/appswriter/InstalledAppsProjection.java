package io.sitestream.appswriter;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.Topic;
import io.sitestream.projection.Projection;
import io.sitestream.site.InstalledApp;
import io.sitestream.site.SiteMetadata;
import io.sitestream.site.SiteTopics;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Projects the apps of a site, found by site, by app and by instance.
 */
@Component
class InstalledAppsProjection implements Projection<SiteMetadata> {

	private final RecordFormat format;

	InstalledAppsProjection(RecordFormat format) {
		this.format = format;
	}

	@Override
	public String name() {
		return InstalledApps.PROJECTION;
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
		List<InstalledApps.App> apps = site.apps().stream().map(InstalledAppsProjection::app).toList();
		return this.format.write(new InstalledApps(site.siteId(), site.version(), apps));
	}

	@Override
	public Set<String> indexKeys(byte[] view) {
		Set<String> keys = new LinkedHashSet<>();
		for (InstalledApps.App app : this.format.read(view, InstalledApps.class).apps()) {
			keys.add(InstalledApps.byApp(app.appId()));
			keys.add(InstalledApps.byInstance(app.instanceId()));
		}
		return keys;
	}

	private static InstalledApps.App app(InstalledApp app) {
		return new InstalledApps.App(app.appId(), app.instanceId(), app.version(), app.status().name(),
				app.installedAt());
	}

}
