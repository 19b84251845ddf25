package io.sitestream.platform;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where keys are in Redis.
 *
 * @param prefix put before every key and every pub/sub channel, so that several systems
 * can share a Redis
 */
@ConfigurationProperties("sitestream.redis")
public record RedisKeySpace(@DefaultValue("") String prefix) {

	public RedisKeySpace {
		if (!prefix.matches("[A-Za-z0-9._:-]{0,64}")) {
			throw new IllegalArgumentException(
					"sitestream.redis.prefix is '%s': at most 64 of the characters A-Z a-z 0-9 . _ : - are allowed."
						.formatted(prefix));
		}
	}

	public String key(String name) {
		return this.prefix + name;
	}

}
