package io.sitestream.site.cdc;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the write path {@code cdc} follows PostgreSQL's log.
 *
 * @param slot the replication slot; slots are shared by all databases of a server, so
 * each Sitestream on it needs a name of its own
 * @param publication the publication, by default of the slot's name
 * @param streaming {@code embedded}: one of the module's processes streams.
 * {@code external}: a Debezium on Kafka Connect does, which owns the slot then
 * @param retention with {@code external}, how long changes that the slot has confirmed
 * are kept in {@code site.changes}, at least 1 minute
 * @param longestWait how long a change may wait in {@code site.changes} before the health
 * is down, at least 1 second
 */
@ConfigurationProperties("sitestream.site.cdc")
record ChangeStreamProperties(@DefaultValue("sitestream_site") String slot, @DefaultValue("") String publication,
		@DefaultValue("embedded") Streaming streaming, @DefaultValue("1d") Duration retention,
		@DefaultValue("30s") Duration longestWait) {

	ChangeStreamProperties {
		requireName("slot", slot);
		publication = publication.isEmpty() ? slot : publication;
		requireName("publication", publication);
		if (retention.compareTo(Duration.ofMinutes(1)) < 0) {
			throw new IllegalArgumentException(
					"sitestream.site.cdc.retention is %s: at least 1m is needed.".formatted(retention));
		}
		if (longestWait.compareTo(Duration.ofSeconds(1)) < 0) {
			throw new IllegalArgumentException(
					"sitestream.site.cdc.longest-wait is %s: at least 1s is needed.".formatted(longestWait));
		}
	}

	private static void requireName(String property, String name) {
		if (!name.matches("[a-z0-9_]{1,63}")) {
			throw new IllegalArgumentException(
					"sitestream.site.cdc.%s is '%s': it must match [a-z0-9_]{1,63}.".formatted(property, name));
		}
	}

	/** Who streams. */
	enum Streaming {

		EMBEDDED, EXTERNAL

	}

}
