package io.sitestream.projection.reading;

import java.util.List;
import java.util.Optional;

import io.lettuce.core.ReadFrom;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Tells readers where to ask. {@code spring.data.redis.lettuce.read-from} is for them
 * alone: whoever writes asks the primary.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(NearCacheProperties.class)
class ReadingConfiguration {

	@Bean
	ReadSources readSources(LettuceConnectionFactory application, DataRedisConnectionDetails details,
			DataRedisProperties properties, NearCacheProperties nearCache, MeterRegistry meters) {
		DataRedisConnectionDetails.MasterReplica several = details.getMasterReplica();
		ReadSources sources = new ReadSources(application, details.getUsername(),
				(several != null) ? several.getNodes() : List.of(), readFrom(properties),
				nearCache.maxSize().toBytes());
		sources.register(meters);
		return sources;
	}

	@Bean
	@Order
	LettuceClientConfigurationBuilderCustomizer primaryForWriters(DataRedisProperties properties) {
		return (client) -> readFrom(properties).ifPresent((unused) -> client.readFrom(ReadFrom.UPSTREAM));
	}

	/**
	 * Reads the property as Boot does: {@code replica-preferred} as well as
	 * {@code REPLICA_PREFERRED}.
	 */
	private static Optional<ReadFrom> readFrom(DataRedisProperties properties) {
		@Nullable String value = properties.getLettuce().getReadFrom();
		if (value == null) {
			return Optional.empty();
		}
		int colon = value.indexOf(':');
		String name = ((colon < 0) ? value : value.substring(0, colon)).replaceAll("[^A-Za-z0-9]", "");
		return Optional.of(ReadFrom.valueOf((colon < 0) ? name : name + value.substring(colon)));
	}

}
