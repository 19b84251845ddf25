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
import java.util.function.Function;

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

	private final PairSieve sieve;

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
		this.sieve = new PairSieve(pair, redis, SMALL);
		this.suspects = suspects;
	}

	void run() {
		ProjectionKeys serving = this.pair.serving();
		this.scan.each(ProjectionKeys.generations(serving.space(), serving.projection()), (names) -> {
			this.sieve.prepare();
			Set<String> views = new LinkedHashSet<>();
			Met indexKeys = new Met();
			for (byte[] name : names) {
				String text = new String(name, StandardCharsets.UTF_8);
				for (ProjectionKeys side : sides()) {
					if (text.startsWith(side.views())) {
						views.add(ProjectionKeys.keyOf(side.views(), name));
					}
					else if (text.startsWith(side.indexes()) && this.pair.compares(side.indexKeyOf(name))) {
						indexKeys.add(side.indexKeyOf(name), side.isEntries(text));
					}
				}
			}
			look(this.sieve.views(List.copyOf(views)).stream().map((key) -> new Place(key, null)).toList());
			indexes(indexKeys.compared(this.sieve, serving::entries));
		});
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
		PairSieve.Sieved sieved = this.sieve.indexKeys(indexKeys);
		List<String> small = sieved.small();
		for (int from = 0; from < small.size(); from += SMALL_AT_ONCE) {
			small(small.subList(from, Math.min(small.size(), from + SMALL_AT_ONCE)));
		}
		sieved.big().stream().filter(this.bigOnes::add).forEach(this::big);
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
					(step) -> List.copyOf(step.getMap().keySet()), (keys) -> big(indexKey, keys));
			this.scan.<ScoredValueScanCursor<byte[]>, byte[]>steps(
					(redis, cursor) -> redis.zscan(side.members(indexKey), cursor, STEP),
					(step) -> step.getValues().stream().map(Value::getValue).toList(), (keys) -> big(indexKey, keys));
		}
	}

	private void big(String indexKey, List<byte[]> keys) {
		for (int from = 0; from < keys.size(); from += BUCKET) {
			look(places(indexKey,
					this.sieve.entries(indexKey, keys.subList(from, Math.min(keys.size(), from + BUCKET)))));
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

	/**
	 * The index keys that were met in one bucket. An index key has two keys in each
	 * generation: it is compared wherever its entries are met, and where its members are
	 * met only if it has no entries. What is met in one generation is compared though the
	 * other one has it, too: a scan does not promise to meet what is new.
	 */
	private static final class Met {

		private final Set<String> entries = new LinkedHashSet<>();

		private final Set<String> others = new LinkedHashSet<>();

		void add(String name, boolean isEntries) {
			(isEntries ? this.entries : this.others).add(name);
		}

		List<String> compared(PairSieve sieve, Function<String, byte[]> servedKey) {
			this.others.removeAll(this.entries);
			List<String> compared = new ArrayList<>(this.entries);
			compared.addAll(sieve.unserved(List.copyOf(this.others), servedKey));
			return compared;
		}

	}

}
