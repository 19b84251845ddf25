package io.sitestream.site.cdc;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
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
	ChangeRetention changeRetention(JdbcClient jdbc, ChangeStreamProperties properties) {
		return new ChangeRetention(jdbc, properties);
	}

}
