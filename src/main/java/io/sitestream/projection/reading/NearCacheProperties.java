package io.sitestream.projection.reading;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What a reader remembers of Redis's answers.
 *
 * @param maxSize how much it remembers at most; 0 turns it off, and every read asks Redis
 */
@ConfigurationProperties("sitestream.projection.near-cache")
record NearCacheProperties(@DefaultValue("64MB") DataSize maxSize) {

	NearCacheProperties {
		if (maxSize.isNegative()) {
			throw new IllegalArgumentException(
					"sitestream.projection.near-cache.max-size is %s: it must be 0 (off) or above.".formatted(maxSize));
		}
	}

}
