package io.sitestream.projection;

import io.sitestream.platform.RedisKeySpace;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The keys of one generation of a projection. Keys that one script touches share a hash
 * tag, and so a slot of Redis Cluster: the two of an index key, a view and its intent,
 * and those that belong to the projection as a whole.
 *
 * @param space where keys are in Redis
 * @param projection the projection's name
 * @param generation the generation, from 1
 */
record ProjectionKeys(RedisKeySpace space, String projection, int generation) {

	private static final String INDEX = "index:{";

	private static final String ENTRIES = "}:entries";

	private static final String MEMBERS = "}:members";

	private static final String INTENT = "intent:{";

	/** Which generation serves: one key for each projection. */
	static byte[] pointer(RedisKeySpace space, String projection) {
		return ofProjection(space, projection, "serving");
	}

	/** All generations of a projection, as they are meant to be. */
	static byte[] catalogue(RedisKeySpace space, String projection) {
		return ofProjection(space, projection, "generations");
	}

	/** For each generation how many views it has. */
	static byte[] counts(RedisKeySpace space, String projection) {
		return ofProjection(space, projection, "counts");
	}

	/** Who does a task that one instance does for all. */
	static byte[] lease(RedisKeySpace space, String projection, String task) {
		return ofProjection(space, projection, "lease:" + task);
	}

	/** For each partition, what the writer last noted. */
	static byte[] notes(RedisKeySpace space, String projection) {
		return bytes(space.key(projection + ":notes"));
	}

	/** The pub/sub channel on which the writer says that it has written. */
	static byte[] advances(RedisKeySpace space, String projection) {
		return bytes(space.key(projection + ":advances"));
	}

	/** What the keys of all generations begin with. */
	static String generations(RedisKeySpace space, String projection) {
		return space.key(projection + ":");
	}

	byte[] view(String key) {
		return bytes(views() + key + "}");
	}

	/** The index keys of views that somebody is about to write. */
	byte[] intent(String key) {
		return bytes(intents() + key + "}");
	}

	/** Sorted by key, for paging. */
	byte[] members(String indexKey) {
		return bytes(indexes() + indexKey + MEMBERS);
	}

	/** For each key its version and whether it is present. */
	byte[] entries(String indexKey) {
		return bytes(indexes() + indexKey + ENTRIES);
	}

	/** What all keys of this generation begin with. */
	String all() {
		return name("");
	}

	/** What the keys of views begin with. */
	String views() {
		return name("view:{");
	}

	String indexes() {
		return name(INDEX);
	}

	String intents() {
		return name(INTENT);
	}

	/**
	 * The view's key behind the key of a view or an intent.
	 * @param prefix what it begins with
	 * @param name a key in Redis
	 * @return the key, without what surrounds it
	 */
	static String keyOf(String prefix, byte[] name) {
		String text = new String(name, UTF_8);
		return text.substring(prefix.length(), text.length() - 1);
	}

	/**
	 * The index key behind one of its two keys.
	 * @param name a key in Redis that begins as {@link #indexes}
	 * @return the index key
	 */
	String indexKeyOf(byte[] name) {
		String text = new String(name, UTF_8);
		return text.substring(indexes().length(), text.length() - ENTRIES.length());
	}

	/**
	 * Whether a key is that of an index key's entries in this generation.
	 */
	boolean isEntries(String name) {
		return name.startsWith(indexes()) && name.endsWith(ENTRIES);
	}

	private String name(String rest) {
		return this.space.key(this.projection + ":" + this.generation + ":" + rest);
	}

	private static byte[] ofProjection(RedisKeySpace space, String projection, String rest) {
		return bytes(space.key("{" + projection + "}:" + rest));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(UTF_8);
	}

}
