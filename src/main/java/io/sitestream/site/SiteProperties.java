package io.sitestream.site;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How sites are written.
 *
 * @param writePath {@code consumer}: a write is appended to {@code site-commands}, and
 * the database insert happens inside the Kafka consumer; writes are accepted without
 * PostgreSQL. {@code cdc}: the API writes PostgreSQL, and Debezium streams the change;
 * writes are accepted without Kafka. All processes of the module have the same
 * @param republishRate how many sites a second are republished, over all instances, 1 to
 * 10000. Live writes wait behind them in the log of commands, so it should stay below
 * what applySiteCommands can do
 */
@ConfigurationProperties("sitestream.site")
record SiteProperties(@DefaultValue("consumer") WritePath writePath, @DefaultValue("1000") int republishRate) {

	SiteProperties {
		if (republishRate < 1 || republishRate > 10_000) {
			throw new IllegalArgumentException(
					"sitestream.site.republish-rate is %d: allowed are 1 to 10000.".formatted(republishRate));
		}
	}

}
