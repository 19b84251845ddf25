package io.sitestream.site.cdc;

import java.time.Clock;
import java.time.Instant;

import io.micrometer.core.instrument.MeterRegistry;
import io.sitestream.platform.ExclusiveEmitters;
import io.sitestream.platform.OwnedTopics;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The stream in one process of all, on the write path {@code cdc} alone; else nothing of
 * Debezium is loaded.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "sitestream.site.write-path", havingValue = "cdc")
@ConditionalOnProperty(name = "sitestream.site.cdc.streaming", havingValue = "embedded", matchIfMissing = true)
@EnableConfigurationProperties(ChangeStreamProperties.class)
class ChangeStreamConfiguration {

	@Bean
	ReplicationSlot replicationSlot(ChangeStreamProperties properties) {
		return new ReplicationSlot(properties.slot(), properties.publication());
	}

	@Bean
	StreamState streamState(MeterRegistry meters) {
		return new StreamState(meters);
	}

	@Bean
	ChangeTable changeTable(JdbcClient jdbc, TransactionOperations transactions) {
		return new ChangeTable(jdbc, transactions);
	}

	@Bean
	ChangeStream changeStream(JdbcConnectionDetails database, ReplicationSlot slot, ChangeTable table,
			ExclusiveEmitters emitters, StreamState state, Clock clock) {
		return new ChangeStream(
				new DatabaseAddress(database.getJdbcUrl(), database.getUsername(), database.getPassword()), slot, table,
				emitters, state, clock);
	}

	/** All that is in the table waits: what is sent is deleted. */
	@Bean
	WaitingChanges waitingChanges(JdbcClient jdbc, ChangeStreamProperties properties, MeterRegistry meters) {
		return new WaitingChanges(jdbc, properties.longestWait(), () -> Instant.EPOCH, meters);
	}

	@Bean
	ChangeStreamHealth siteChangesHealthIndicator(StreamState state, ReplicationSlot slot, WaitingChanges waiting) {
		return new ChangeStreamHealth(state, slot, waiting);
	}

	@Bean
	OwnedTopics streamedChangesTopics() {
		return new OwnedTopics(StreamedChanges.TOPIC);
	}

}
