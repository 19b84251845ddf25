package io.sitestream.site;

import java.time.Duration;

import io.sitestream.platform.Topic;

/**
 * The topics of this module, all keyed so that one site's records stay in order.
 */
public final class SiteTopics {

	/** The header that every record of {@link #SITE_METADATA} carries, tombstones too. */
	public static final String VERSION_HEADER = "ce_siteversion";

	/** Keyed by site id. */
	static final Topic<SiteCommand> SITE_COMMANDS = Topic
		.retained("site-commands", SiteCommand.class, 6, Duration.ofDays(7))
		.keyedBy("siteId", SiteCommand::siteId);

	/** Keyed by command id. */
	static final Topic<SiteCommandOutcome> SITE_COMMAND_OUTCOMES = Topic
		.retained("site-command-outcomes", SiteCommandOutcome.class, 1, Duration.ofHours(1))
		.keyedBy("commandId", SiteCommandOutcome::commandId);

	/** Keyed by site id: the whole site, or a tombstone when it was deleted. */
	public static final Topic<SiteMetadata> SITE_METADATA = Topic.compacted("site-metadata", SiteMetadata.class, 6)
		.keyedBy("siteId", SiteMetadata::siteId);

	private SiteTopics() {
	}

}
