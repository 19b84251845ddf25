package io.sitestream.projection;

import java.nio.charset.StandardCharsets;

import io.sitestream.platform.RedisKeySpace;

import org.springframework.stereotype.Component;

/**
 * Knows which generation of a projection serves. The first writer makes the first one.
 */
@Component
class Generations {

	private static final byte[] FIRST = "1".getBytes(StandardCharsets.US_ASCII);

	private final RedisAccess redis;

	private final RedisKeySpace space;

	Generations(RedisAccess redis, RedisKeySpace space) {
		this.redis = redis;
		this.space = space;
	}

	/**
	 * The generation that writers write.
	 * @param projection the projection's name
	 * @return its keys
	 */
	ProjectionKeys written(String projection) {
		byte[] pointer = ProjectionKeys.pointer(this.space, projection);
		this.redis.one((redis) -> redis.setnx(pointer, FIRST));
		return served(projection);
	}

	/**
	 * The generation that readers read; the first, as long as nobody has written.
	 * @param projection the projection's name
	 * @return its keys
	 */
	ProjectionKeys served(String projection) {
		byte[] pointer = this.redis.one((redis) -> redis.get(ProjectionKeys.pointer(this.space, projection)));
		int generation = (pointer != null) ? Integer.parseInt(new String(pointer, StandardCharsets.US_ASCII)) : 1;
		return new ProjectionKeys(this.space, projection, generation);
	}

}
