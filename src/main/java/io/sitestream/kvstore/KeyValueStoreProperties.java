package io.sitestream.kvstore;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How stores behave.
 *
 * @param writeTimeout how long a write waits until the own store shows it
 */
@ConfigurationProperties("sitestream.kvstore")
record KeyValueStoreProperties(@DefaultValue("5s") Duration writeTimeout) {

	KeyValueStoreProperties {
		if (writeTimeout.isNegative() || writeTimeout.isZero()) {
			throw new IllegalArgumentException(
					"sitestream.kvstore.write-timeout is %s: it must be above 0.".formatted(writeTimeout));
		}
	}

}
