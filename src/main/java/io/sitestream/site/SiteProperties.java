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
 */
@ConfigurationProperties("sitestream.site")
record SiteProperties(@DefaultValue("consumer") WritePath writePath) {

}
