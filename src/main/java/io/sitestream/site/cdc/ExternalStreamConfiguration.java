package io.sitestream.site.cdc;

import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The write path {@code cdc} with a Debezium on Kafka Connect.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "sitestream.site.write-path", havingValue = "cdc")
@ConditionalOnProperty(name = "sitestream.site.cdc.streaming", havingValue = "external")
@EnableConfigurationProperties(ChangeStreamProperties.class)
class ExternalStreamConfiguration {

	@Bean
	SlotProgress slotProgress(ChangeStreamProperties properties) {
		return new SlotProgress(properties.slot(), properties.longestWait());
	}

	@Bean
	ExternalStream externalStream(JdbcConnectionDetails database, ChangeStreamProperties properties,
			SlotProgress progress) {
		return new ExternalStream(
				new DatabaseAddress(database.getJdbcUrl(), database.getUsername(), database.getPassword()),
				new ReplicationSlot(properties.slot(), properties.publication()),
				new TablePublication(properties.publication()), progress);
	}

	@Bean
	ChangeRetention changeRetention(JdbcClient jdbc, ChangeStreamProperties properties, ExternalStream stream) {
		return new ChangeRetention(jdbc, properties, stream::isPublished);
	}

	@Bean
	WaitingChanges waitingChanges(JdbcClient jdbc, ChangeStreamProperties properties, SlotProgress progress,
			MeterRegistry meters) {
		return new WaitingChanges(jdbc, properties.longestWait(), progress::confirmed, meters);
	}

	@Bean
	ExternalStreamHealth siteChangesHealthIndicator(ExternalStream stream, WaitingChanges waiting,
			ChangeStreamProperties properties) {
		return new ExternalStreamHealth(stream, waiting, properties.slot());
	}

}
