package io.sitestream.site.cdc;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the write path {@code cdc} follows PostgreSQL's log.
 *
 * @param slot the replication slot, and the publication of the same name; slots are
 * shared by all databases of a server, so each Sitestream on it needs a name of its own
 * @param streaming {@code embedded}: one of the module's processes streams.
 * {@code external}: a Debezium on Kafka Connect does, which owns the slot then
 * @param retention with {@code external}, how long changes that the slot has confirmed
 * are kept in {@code site.changes}, at least 1 minute
 */
@ConfigurationProperties("sitestream.site.cdc")
record ChangeStreamProperties(@DefaultValue("sitestream_site") String slot,
		@DefaultValue("embedded") Streaming streaming, @DefaultValue("1d") Duration retention) {

	ChangeStreamProperties {
		if (!slot.matches("[a-z0-9_]{1,63}")) {
			throw new IllegalArgumentException(
					"sitestream.site.cdc.slot is '%s': it must match [a-z0-9_]{1,63}.".formatted(slot));
		}
		if (retention.compareTo(Duration.ofMinutes(1)) < 0) {
			throw new IllegalArgumentException(
					"sitestream.site.cdc.retention is %s: at least 1m is needed.".formatted(retention));
		}
	}

	/** Who streams. */
	enum Streaming {

		EMBEDDED, EXTERNAL

	}

}
