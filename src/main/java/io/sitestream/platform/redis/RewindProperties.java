package io.sitestream.platform.redis;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What functions do when Redis has lost writes.
 *
 * @param rewind how far functions that write Redis go back, at least, when its primary is
 * another one than before: longer than a replica may lag behind. With Redis Cluster
 * nothing older is repeated
 */
@ConfigurationProperties("sitestream.redis")
record RewindProperties(@DefaultValue("10m") Duration rewind) {

	RewindProperties {
		if (rewind.isNegative()) {
			throw new IllegalArgumentException(
					"sitestream.redis.rewind is %s: 0s or more is allowed.".formatted(rewind));
		}
	}

}
