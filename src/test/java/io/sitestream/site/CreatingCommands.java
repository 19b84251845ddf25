package io.sitestream.site;

import io.sitestream.platform.RecordFormat;

/**
 * Writes the commands that create sites, as the API would append them.
 */
public final class CreatingCommands {

	private CreatingCommands() {
	}

	/**
	 * A command whose repetition changes nothing.
	 * @param site the site to be
	 * @param format how values look in Kafka
	 * @return the value of its record
	 */
	public static byte[] of(SiteMetadata site, RecordFormat format) {
		SiteChange.Create create = new SiteChange.Create(site.ownerId(), site.name(), site.locale(), site.domain(),
				site.publishedVersion(),
				site.apps()
					.stream()
					.map((app) -> new SiteChange.PutApp(app.appId(), app.instanceId(), app.version(), app.status()))
					.toList());
		return format
			.write(new SiteCommand(CommandId.of("generator", site.siteId()), site.siteId(), null, null, create));
	}

}
