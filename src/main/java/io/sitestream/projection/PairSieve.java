package io.sitestream.projection;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import io.lettuce.core.ScriptOutputType;

/**
 * Lets Redis say of many places at once where two generations are the same, so that only
 * the others have to be fetched. What belongs to one place in both is in one slot of
 * Redis Cluster.
 */
final class PairSieve {

	private static final long SAME = 1;

	private static final long BIG = 2;

	private final Pair pair;

	private final RedisAccess redis;

	private final byte[] small;

	private final Script sameView = new Script("same-view.lua", ScriptOutputType.INTEGER);

	private final Script sameEntries = new Script("same-entries.lua", ScriptOutputType.MULTI);

	private final Script sameIndex = new Script("same-index.lua", ScriptOutputType.INTEGER);

	/**
	 * Creates a sieve.
	 * @param pair what is compared
	 * @param redis the access to Redis
	 * @param small up to so many elements of an index key are compared in Redis, which
	 * does nothing else meanwhile
	 */
	PairSieve(Pair pair, RedisAccess redis, long small) {
		this.pair = pair;
		this.redis = redis;
		this.small = Long.toString(small).getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * Makes the scripts known: before every bucket, since a restarted Redis has forgotten
	 * them.
	 */
	void prepare() {
		this.redis.pipelined(this.sameView::load);
		this.redis.pipelined(this.sameIndex::load);
		this.redis.pipelined(this.sameEntries::load);
	}

	/**
	 * Those that the serving generation has not. Mostly there are none, which one command
	 * tells.
	 * @param names the names
	 * @param key the key of a name in the serving generation
	 * @return what is missing there
	 */
	List<String> unserved(List<String> names, Function<String, byte[]> key) {
		if (names.isEmpty()) {
			return names;
		}
		byte[][] keys = names.stream().map(key).toArray(byte[][]::new);
		Long there = this.redis.one((redis) -> redis.exists(keys));
		return (there != null && there == keys.length) ? List.of() : those(names, (long answer) -> answer == 0,
				this.redis.pipelined((redis) -> names.stream().map((name) -> redis.exists(key.apply(name))).toList()));
	}

	/**
	 * Those whose views may differ.
	 * @param keys keys of views
	 * @return all but those that have the same bytes in one format
	 */
	List<String> views(List<String> keys) {
		if (keys.isEmpty() || !this.pair.sameFormat()) {
			return keys;
		}
		return those(keys, (answer) -> answer != SAME,
				this.redis.pipelined((redis) -> keys.stream()
					.map((key) -> this.sameView.<Long>run(redis,
							new byte[][] { this.pair.serving().view(key), this.pair.compared().view(key) }))
					.toList()));
	}

	/**
	 * Those index keys whose entries may differ.
	 * @param indexKeys index keys
	 * @return small and big ones
	 */
	Sieved indexKeys(List<String> indexKeys) {
		if (indexKeys.isEmpty()) {
			return new Sieved(List.of(), List.of());
		}
		ProjectionKeys ours = this.pair.serving();
		ProjectionKeys theirs = this.pair.compared();
		List<Long> answers = this.redis.pipelined((redis) -> indexKeys.stream()
			.map((indexKey) -> this.sameIndex.<Long>run(redis,
					new byte[][] { ours.entries(indexKey), ours.members(indexKey), theirs.entries(indexKey),
							theirs.members(indexKey) },
					this.small))
			.toList());
		return new Sieved(those(indexKeys, (answer) -> answer != SAME && answer != BIG, answers),
				those(indexKeys, (answer) -> answer == BIG, answers));
	}

	/**
	 * Those keys whose entries of one index key may differ.
	 * @param indexKey the index key
	 * @param keys keys that it lists in one of the generations, at most some thousands
	 * @return all but those that both list in the same version
	 */
	List<byte[]> entries(String indexKey, List<byte[]> keys) {
		ProjectionKeys ours = this.pair.serving();
		ProjectionKeys theirs = this.pair.compared();
		List<Long> others = this.redis.one((redis) -> this.sameEntries.<List<Long>>run(redis, new byte[][] {
				ours.entries(indexKey), ours.members(indexKey), theirs.entries(indexKey), theirs.members(indexKey) },
				keys.toArray(byte[][]::new)));
		return (others != null) ? others.stream().map((number) -> keys.get(number.intValue() - 1)).toList() : keys;
	}

	private static List<String> those(List<String> names, Verdict verdict, List<Long> answers) {
		List<String> chosen = new ArrayList<>();
		for (int i = 0; i < names.size(); i++) {
			if (verdict.isMeant(answers.get(i))) {
				chosen.add(names.get(i));
			}
		}
		return chosen;
	}

	private interface Verdict {

		boolean isMeant(long answer);

	}

	/**
	 * Index keys that may differ.
	 *
	 * @param small those with few elements
	 * @param big those that have too many to be compared at once
	 */
	record Sieved(List<String> small, List<String> big) {

	}

}
