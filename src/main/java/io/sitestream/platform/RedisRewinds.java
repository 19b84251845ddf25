package io.sitestream.platform;

import java.time.Duration;

/**
 * Makes the rewinds of functions that write Redis.
 */
public interface RedisRewinds {

	/**
	 * The rewind of a function.
	 * @param function its name
	 * @return a rewind that goes back by {@code sitestream.redis.rewind} when Redis
	 * remembers nothing at all
	 */
	RedisRewind of(String function);

	/**
	 * The rewind of a function whose store is filled by nothing else.
	 * @param function its name
	 * @param whenEmpty how far it goes back when Redis remembers nothing at all
	 * @return the rewind
	 */
	RedisRewind of(String function, Duration whenEmpty);

}
