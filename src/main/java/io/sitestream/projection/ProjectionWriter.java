package io.sitestream.projection;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.sitestream.platform.Consumed;
import org.jspecify.annotations.Nullable;

/**
 * Writes a projection, a poll in a few pipelined passes. Index entries go first and the
 * view last, each guarded by its version, so a visible view implies complete entries.
 * Whoever's view write finds something other than it had read, a newer view or one that
 * came in between, puts the entries right: any number of writers may work on one key,
 * stop at any step and wake up at any time.
 *
 * @param <T> the type of the records
 */
final class ProjectionWriter<T> {

	private static final long MARKERS_KEPT_MILLIS = Duration.ofHours(24).toMillis();

	private static final byte[] NOTHING = new byte[0];

	private static final byte[] PRESENT = ascii("1");

	private static final byte[] ABSENT = ascii("0");

	private final Projection<T> projection;

	private final RedisAccess redis;

	private final Generations generations;

	private final Script entriesScript = new Script("index-entries.lua", ScriptOutputType.STATUS);

	private final Script viewScript = new Script("view.lua", ScriptOutputType.MULTI);

	ProjectionWriter(Projection<T> projection, RedisAccess redis, Generations generations) {
		this.projection = projection;
		this.redis = redis;
		this.generations = generations;
	}

	/**
	 * Applies the records of a poll. Older and repeated ones change nothing.
	 * @param records the records
	 */
	void on(List<Consumed<T>> records) {
		Map<String, Change> changes = changes(records);
		if (changes.isEmpty()) {
			return;
		}
		ProjectionKeys keys = this.generations.written(this.projection.name());
		Map<String, StoredView> before = read(keys, changes.keySet());
		writeEntries(keys, setAside(changes, before));
		before.forEach((key, stored) -> {
			if (changes.containsKey(key)) {
				change(changes, key).after(stored, indexKeys(stored));
			}
		});
		changes.values().removeIf((change) -> change.version() < 1);
		writeEntries(keys, entries(changes));
		writeEntries(keys, writeViews(keys, changes, before));
		this.redis.one((redis) -> redis.publish(keys.advances(), NOTHING));
	}

	private Map<String, Change> changes(List<Consumed<T>> records) {
		Map<String, Change> changes = new LinkedHashMap<>();
		for (Consumed<T> record : records) {
			Change change = changes.computeIfAbsent(record.key(), (key) -> new Change());
			T value = record.value();
			if (value == null) {
				change.remove(this.projection.tombstoneVersion(record.headers()));
			}
			else {
				byte[] view = this.projection.view(value);
				change.put(this.projection.version(value), view, this.projection.indexKeys(view));
			}
		}
		return changes;
	}

	private Map<String, StoredView> read(ProjectionKeys keys, Set<String> viewKeys) {
		List<String> names = List.copyOf(viewKeys);
		List<byte[]> found = this.redis.pipelined((redis) -> {
			this.entriesScript.load(redis);
			this.viewScript.load(redis);
			return names.stream().map((name) -> redis.get(keys.view(name))).toList();
		});
		Map<String, StoredView> stored = new HashMap<>();
		for (int i = 0; i < names.size(); i++) {
			if (found.get(i) != null) {
				stored.put(names.get(i), StoredView.decode(found.get(i)));
			}
		}
		return stored;
	}

	/**
	 * Takes out the changes that come too late: their views are there already, or newer
	 * ones.
	 * @return absences of what only the late records have, since whoever wrote it may
	 * have stopped before its view
	 */
	private Map<String, List<byte[]>> setAside(Map<String, Change> changes, Map<String, StoredView> before) {
		Map<String, List<byte[]>> absences = new HashMap<>();
		before.forEach((key, stored) -> {
			Change change = change(changes, key);
			if (change.version() <= stored.version() && !change.replacesEqualVersion()) {
				Set<String> theirs = indexKeys(stored);
				change.touched()
					.stream()
					.filter((indexKey) -> !theirs.contains(indexKey))
					.forEach((indexKey) -> add(absences, indexKey, key, stored.version(), false));
				changes.remove(key);
			}
		});
		return absences;
	}

	/**
	 * The entries that the new views ask for, by index key.
	 */
	private static Map<String, List<byte[]>> entries(Map<String, Change> changes) {
		Map<String, List<byte[]>> entries = new HashMap<>();
		changes.forEach((key, change) -> change.touched()
			.forEach((indexKey) -> add(entries, indexKey, key, change.version(), change.has(indexKey))));
		return entries;
	}

	/**
	 * Writes the views.
	 * @return the entries that are wrong, because somebody else was at work: those of a
	 * view that came in between, and our own where a newer view is there already
	 */
	private Map<String, List<byte[]>> writeViews(ProjectionKeys keys, Map<String, Change> changes,
			Map<String, StoredView> before) {
		List<String> names = List.copyOf(changes.keySet());
		List<List<Object>> answers = this.redis.pipelined((redis) -> {
			List<RedisFuture<List<Object>>> sent = new ArrayList<>();
			names.forEach((name) -> {
				Change change = change(changes, name);
				StoredView view = change.stored();
				sent.add(this.viewScript.run(redis, new byte[][] { keys.view(name) }, ascii(view.version()),
						view.encode(), ascii(view.isMarker() ? MARKERS_KEPT_MILLIS : 0),
						change.replacesEqualVersion() ? PRESENT : ABSENT));
			});
			return sent;
		});
		Map<String, List<byte[]>> wrong = new HashMap<>();
		for (int i = 0; i < names.size(); i++) {
			String name = names.get(i);
			Change change = change(changes, name);
			boolean written = ((Long) answers.get(i).getFirst()) == 1;
			byte[] there = (answers.get(i).size() > 1) ? (byte[]) answers.get(i).get(1) : null;
			if (there != null) {
				correct(wrong, name, change, before.get(name), StoredView.decode(there), written);
			}
		}
		return wrong;
	}

	private void correct(Map<String, List<byte[]>> wrong, String name, Change change, @Nullable StoredView read,
			StoredView there, boolean written) {
		Set<String> theirs = indexKeys(there);
		if (!written) {
			change.touched()
				.stream()
				.filter((indexKey) -> !theirs.contains(indexKey))
				.forEach((indexKey) -> add(wrong, indexKey, name, there.version(), false));
		}
		else if (read == null || read.version() != there.version()) {
			theirs.stream()
				.filter((indexKey) -> !change.has(indexKey))
				.forEach((indexKey) -> add(wrong, indexKey, name, change.version(), false));
		}
	}

	private void writeEntries(ProjectionKeys keys, Map<String, List<byte[]>> entries) {
		this.redis.pipelined((redis) -> {
			List<RedisFuture<String>> sent = new ArrayList<>();
			entries.forEach((indexKey, values) -> sent.add(this.entriesScript.run(redis,
					new byte[][] { keys.members(indexKey), keys.entries(indexKey) }, values.toArray(byte[][]::new))));
			return sent;
		});
	}

	private static void add(Map<String, List<byte[]>> entries, String indexKey, String key, long version,
			boolean present) {
		List<byte[]> values = entries.computeIfAbsent(indexKey, (unused) -> new ArrayList<>());
		values.add(key.getBytes(StandardCharsets.UTF_8));
		values.add(ascii(version));
		values.add(present ? PRESENT : ABSENT);
	}

	private Set<String> indexKeys(StoredView view) {
		return view.isMarker() ? Set.of() : this.projection.indexKeys(view.body());
	}

	private static Change change(Map<String, Change> changes, String key) {
		Change change = changes.get(key);
		if (change == null) {
			throw new IllegalStateException("No change of '%s' in this poll.".formatted(key));
		}
		return change;
	}

	private static byte[] ascii(long number) {
		return ascii(Long.toString(number));
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}
