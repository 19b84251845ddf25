package io.sitestream.kvstore;

import java.nio.file.Path;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How stores behave.
 *
 * @param writeTimeout how long a write waits until the own store shows it
 * @param lookInterval how often a store looks whether its topic is still the same and how
 * far its end is
 * @param checkpoints how stores are kept for the next start
 */
@ConfigurationProperties("sitestream.kvstore")
record KeyValueStoreProperties(@DefaultValue("5s") Duration writeTimeout, @DefaultValue("10s") Duration lookInterval,
		@DefaultValue Checkpoints checkpoints) {

	KeyValueStoreProperties {
		requirePositive("write-timeout", writeTimeout);
		requirePositive("look-interval", lookInterval);
	}

	private static void requirePositive(String name, Duration value) {
		if (value.isNegative() || value.isZero()) {
			throw new IllegalArgumentException(
					"sitestream.kvstore.%s is %s: it must be above 0.".formatted(name, value));
		}
	}

	/**
	 * Checkpoints.
	 *
	 * @param directory where they are, for this process alone. Without one there are none
	 * and every start reads the topics from their beginnings
	 * @param interval how often they are written, besides at the stop
	 */
	record Checkpoints(@Nullable Path directory, @DefaultValue("10m") Duration interval) {

		Checkpoints {
			requirePositive("checkpoints.interval", interval);
		}

	}

}
