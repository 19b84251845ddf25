package io.sitestream.projection;

import io.sitestream.platform.RedisKeySpace;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The keys of one generation of a projection. The two keys of an index key share a hash
 * tag, and so a slot of Redis Cluster.
 *
 * @param space where keys are in Redis
 * @param projection the projection's name
 * @param generation the generation, from 1
 */
record ProjectionKeys(RedisKeySpace space, String projection, int generation) {

	/** Which generation serves: one key for each projection. */
	static byte[] pointer(RedisKeySpace space, String projection) {
		return bytes(space.key(projection + ":serving"));
	}

	/** For each partition, what the writer last noted. */
	static byte[] notes(RedisKeySpace space, String projection) {
		return bytes(space.key(projection + ":notes"));
	}

	/** The pub/sub channel on which the writer says that it has written. */
	static byte[] advances(RedisKeySpace space, String projection) {
		return bytes(space.key(projection + ":advances"));
	}

	byte[] advances() {
		return advances(this.space, this.projection);
	}

	byte[] view(String key) {
		return bytes(name("view:" + key));
	}

	/** Sorted by key, for paging. */
	byte[] members(String indexKey) {
		return bytes(name("index:{" + indexKey + "}:members"));
	}

	/** For each key its version and whether it is present. */
	byte[] entries(String indexKey) {
		return bytes(name("index:{" + indexKey + "}:entries"));
	}

	private String name(String rest) {
		return this.space.key(this.projection + ":" + this.generation + ":" + rest);
	}

	private static byte[] bytes(String text) {
		return text.getBytes(UTF_8);
	}

}
