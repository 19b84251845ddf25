/**
 * Streams {@code site.changes} to {@code site-metadata} on the write path {@code cdc}.
 * Debezium follows PostgreSQL's log and says at once what is new; what still is to be
 * sent is said by the table alone, whose rows go when Kafka has them.
 */
@NullMarked
package io.sitestream.site.cdc;

import org.jspecify.annotations.NullMarked;
