package io.sitestream.projection;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import io.lettuce.core.MapScanCursor;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScoredValueScanCursor;
import io.lettuce.core.Value;

/**
 * Goes through everything that two generations have and hands over the places where they
 * differ at the moment, bucket by bucket.
 */
final class PairScan {

	private static final int BUCKET = 1_000;

	/** Index keys with fewer elements are compared many at a time. */
	private static final long SMALL = 500;

	private static final int SMALL_AT_ONCE = 250;

	private static final ScanArgs STEP = ScanArgs.Builder.limit(BUCKET);

	private final Pair pair;

	private final RedisAccess redis;

	private final KeyScan scan;

	private final Consumer<Map<Place, Look>> suspects;

	/** Big index keys that were compared: each is met by several of its keys. */
	private final Set<String> bigOnes = new HashSet<>();

	/**
	 * Creates a scan.
	 * @param pair what is compared
	 * @param redis the access to Redis
	 * @param scan goes through keys
	 * @param suspects takes places that differ, one call after the other
	 */
	PairScan(Pair pair, RedisAccess redis, KeyScan scan, Consumer<Map<Place, Look>> suspects) {
		this.pair = pair;
		this.redis = redis;
		this.scan = scan;
		this.suspects = suspects;
	}

	void run() {
		ProjectionKeys serving = this.pair.serving();
		this.scan.each(ProjectionKeys.generations(serving.space(), serving.projection()), (names) -> {
			Set<Place> places = new LinkedHashSet<>();
			Set<String> indexKeys = new LinkedHashSet<>();
			Set<String> others = new LinkedHashSet<>();
			for (byte[] name : names) {
				String text = new String(name, StandardCharsets.UTF_8);
				for (ProjectionKeys side : sides()) {
					if (text.startsWith(side.views())) {
						places.add(new Place(ProjectionKeys.keyOf(side.views(), name), null));
					}
					else if (text.startsWith(side.indexes()) && this.pair.compares(side.indexKeyOf(name))) {
						(serving.isEntries(text) ? indexKeys : others).add(side.indexKeyOf(name));
					}
				}
			}
			look(List.copyOf(places));
			others.removeAll(indexKeys);
			indexKeys.addAll(withoutServedEntries(List.copyOf(others)));
			indexes(List.copyOf(indexKeys));
		});
	}

	/**
	 * An index key has up to four keys, and is compared when that of the served entries
	 * is met: at the others only where there is no such key.
	 */
	private List<String> withoutServedEntries(List<String> indexKeys) {
		if (indexKeys.isEmpty()) {
			return indexKeys;
		}
		List<Long> there = this.redis.pipelined((redis) -> indexKeys.stream()
			.map((indexKey) -> redis.exists(this.pair.serving().entries(indexKey)))
			.toList());
		List<String> without = new ArrayList<>();
		for (int i = 0; i < indexKeys.size(); i++) {
			if (there.get(i) == 0) {
				without.add(indexKeys.get(i));
			}
		}
		return without;
	}

	private void look(List<Place> places) {
		if (places.isEmpty()) {
			return;
		}
		Map<Place, Look> differing = looks(places);
		differing.values().removeIf((look) -> !look.differs());
		if (!differing.isEmpty()) {
			this.suspects.accept(differing);
		}
	}

	/**
	 * Looks at places once more.
	 * @param places the places
	 * @return what is there now
	 */
	Map<Place, Look> looks(List<Place> places) {
		List<Object> answers = this.redis.pipelined((redis) -> {
			List<RedisFuture<?>> sent = new ArrayList<>();
			for (Place place : places) {
				byte[] key = place.key().getBytes(StandardCharsets.UTF_8);
				for (ProjectionKeys side : List.of(this.pair.serving(), this.pair.compared())) {
					String indexKey = place.indexKey();
					if (indexKey == null) {
						sent.add(redis.get(side.view(place.key())));
					}
					else {
						sent.add(redis.hget(side.entries(indexKey), key));
						sent.add(redis.zscore(side.members(indexKey), key));
					}
				}
			}
			return untyped(sent);
		});
		Map<Place, Look> looks = new LinkedHashMap<>();
		int next = 0;
		for (Place place : places) {
			if (place.indexKey() == null) {
				looks.put(place, this.pair.views((byte[]) answers.get(next), (byte[]) answers.get(next + 1)));
				next += 2;
			}
			else {
				looks.put(place, Pair.entries((byte[]) answers.get(next), answers.get(next + 1) != null,
						(byte[]) answers.get(next + 2), answers.get(next + 3) != null));
				next += 4;
			}
		}
		return looks;
	}

	private void indexes(List<String> indexKeys) {
		if (indexKeys.isEmpty()) {
			return;
		}
		List<Object> sizes = this.redis.pipelined((redis) -> {
			List<RedisFuture<?>> sent = new ArrayList<>();
			indexKeys.forEach((indexKey) -> sides().forEach((side) -> {
				sent.add(redis.hlen(side.entries(indexKey)));
				sent.add(redis.zcard(side.members(indexKey)));
			}));
			return untyped(sent);
		});
		List<String> small = new ArrayList<>();
		for (int i = 0; i < indexKeys.size(); i++) {
			long size = sizes.subList(4 * i, 4 * i + 4).stream().mapToLong((length) -> (Long) length).max().orElse(0);
			if (size <= SMALL) {
				small.add(indexKeys.get(i));
			}
			else if (this.bigOnes.add(indexKeys.get(i))) {
				big(indexKeys.get(i));
			}
		}
		for (int from = 0; from < small.size(); from += SMALL_AT_ONCE) {
			small(small.subList(from, Math.min(small.size(), from + SMALL_AT_ONCE)));
		}
	}

	private void small(List<String> indexKeys) {
		List<Object> answers = this.redis.pipelined((redis) -> {
			List<RedisFuture<?>> sent = new ArrayList<>();
			indexKeys.forEach((indexKey) -> sides().forEach((side) -> {
				sent.add(redis.hgetall(side.entries(indexKey)));
				sent.add(redis.zrange(side.members(indexKey), 0, -1));
			}));
			return untyped(sent);
		});
		Map<Place, Look> differing = new LinkedHashMap<>();
		for (int i = 0; i < indexKeys.size(); i++) {
			IndexSide ours = IndexSide.of(answers.get(4 * i), answers.get(4 * i + 1));
			IndexSide theirs = IndexSide.of(answers.get(4 * i + 2), answers.get(4 * i + 3));
			for (String key : ours.keys(theirs)) {
				Look look = Pair.entries(ours.entries().get(key), ours.members().contains(key),
						theirs.entries().get(key), theirs.members().contains(key));
				if (look.differs()) {
					differing.put(new Place(key, indexKeys.get(i)), look);
				}
			}
		}
		if (!differing.isEmpty()) {
			this.suspects.accept(differing);
		}
	}

	private void big(String indexKey) {
		for (ProjectionKeys side : sides()) {
			this.scan.<MapScanCursor<byte[], byte[]>, byte[]>steps(
					(redis, cursor) -> redis.hscan(side.entries(indexKey), cursor, STEP),
					(step) -> List.copyOf(step.getMap().keySet()), (keys) -> look(places(indexKey, keys)));
			this.scan.<ScoredValueScanCursor<byte[]>, byte[]>steps(
					(redis, cursor) -> redis.zscan(side.members(indexKey), cursor, STEP),
					(step) -> step.getValues().stream().map(Value::getValue).toList(),
					(keys) -> look(places(indexKey, keys)));
		}
	}

	private static List<Place> places(String indexKey, List<byte[]> keys) {
		return keys.stream().map((key) -> new Place(new String(key, StandardCharsets.UTF_8), indexKey)).toList();
	}

	private List<ProjectionKeys> sides() {
		return List.of(this.pair.serving(), this.pair.compared());
	}

	@SuppressWarnings("unchecked")
	private static List<RedisFuture<Object>> untyped(List<RedisFuture<?>> futures) {
		return (List<RedisFuture<Object>>) (List<?>) futures;
	}

}
