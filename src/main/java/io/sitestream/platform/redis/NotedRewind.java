package io.sitestream.platform.redis;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

import io.sitestream.platform.PartitionLog;
import io.sitestream.platform.RedisRewind;
import io.sitestream.platform.redis.RewindNotes.Memory;
import io.sitestream.platform.redis.RewindNotes.Note;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;

/**
 * Compares the primary of Redis with the one in its own notes. The old note stays until
 * what it stands for was repeated, so that a repetition survives the process that runs
 * it.
 */
final class NotedRewind implements RedisRewind {

	private static final Logger log = LoggerFactory.getLogger(NotedRewind.class);

	private static final long INTERVAL_MILLIS = 900;

	private final String function;

	private final RewindNotes notes;

	private final Duration rewind;

	private final Duration whenEmpty;

	private final Clock clock;

	private final Map<String, Watched> partitions = new ConcurrentHashMap<>();

	NotedRewind(String function, RewindNotes notes, Duration rewind, Duration whenEmpty, Clock clock) {
		this.function = function;
		this.notes = notes;
		this.rewind = rewind;
		this.whenEmpty = whenEmpty;
		this.clock = clock;
	}

	@Override
	public Terms terms(String topic, int partition) {
		Watched watched = this.partitions.get(name(topic, partition));
		return (watched != null) ? new Terms(watched.primaries(), watched.until(), watched.exact()) : Terms.ANY;
	}

	@Override
	public Map<Integer, Long> assigned(PartitionLog partitionLog) {
		partitionLog.partitions()
			.forEach((partition) -> this.partitions.put(name(partitionLog.topic(), partition),
					Watched.from(partitionLog.position(partition))));
		return look(partitionLog);
	}

	@Override
	public Map<Integer, Long> reached(PartitionLog partitionLog, Map<Integer, Long> positions) {
		positions.forEach((partition, position) -> this.partitions
			.computeIfPresent(name(partitionLog.topic(), partition), (name, watched) -> watched.reached(position)));
		long recently = this.clock.millis() - INTERVAL_MILLIS;
		boolean due = partitionLog.partitions()
			.stream()
			.map((partition) -> this.partitions.get(name(partitionLog.topic(), partition)))
			.anyMatch((watched) -> watched != null && watched.looked() <= recently);
		return due ? look(partitionLog) : Map.of();
	}

	@Override
	public Map<Integer, Long> failed(PartitionLog partitionLog) {
		return look(partitionLog);
	}

	@Override
	public void revoked(String topic, Set<Integer> partitions) {
		partitions.forEach((partition) -> this.partitions.remove(name(topic, partition)));
	}

	private Map<Integer, Long> look(PartitionLog partitionLog) {
		try {
			return compare(partitionLog, this.notes
				.read(partitionLog.partitions().stream().map((number) -> name(partitionLog.topic(), number)).toList()));
		}
		catch (DataAccessException ex) {
			// as long as Redis is away nothing is written; the next look finds what came
			// of it
			log.debug("{} cannot ask Redis who it is", this.function, ex);
			return Map.of();
		}
	}

	private Map<Integer, Long> compare(PartitionLog partitionLog, Memory memory) {
		Map<Integer, Long> back = new TreeMap<>();
		Map<String, Note> due = new HashMap<>();
		for (int partition : partitionLog.partitions()) {
			String name = name(partitionLog.topic(), partition);
			Watched watched = this.partitions.get(name);
			if (watched == null) {
				continue;
			}
			Watched now = compare(partitionLog, partition, watched, memory);
			if (now.reached() < watched.reached()) {
				back.put(partition, now.reached());
			}
			if (!now.isRepeating()) {
				due.put(name, new Note(memory.primaries(), now.reached()));
			}
			this.partitions.put(name, now);
		}
		if (!due.isEmpty()) {
			boolean written = this.notes.write(due, memory.primaries());
			due.keySet()
				.forEach((name) -> this.partitions.computeIfPresent(name,
						(key, watched) -> written ? watched.settled() : watched.looked(0)));
		}
		return back;
	}

	private Watched compare(PartitionLog partitionLog, int partition, Watched watched, Memory memory) {
		long now = this.clock.millis();
		if (!watched.isSettled() && watched.primaries().equals(memory.primaries())) {
			return watched.looked(now);
		}
		Note note = memory.of(name(partitionLog.topic(), partition));
		if (note != null && note.primaries().equals(memory.primaries())) {
			return watched.knowing(memory.primaries(), watched.exact(), now);
		}
		long from = origin(partitionLog, partition, note);
		boolean exact = memory.isSinglePrimary() && note != null && from <= note.position();
		if (from >= watched.reached()) {
			return watched.knowing(memory.primaries(), exact, now);
		}
		log.info("{} goes back in {}-{} from {} to {}: {}", this.function, partitionLog.topic(), partition,
				watched.reached(), from, reason(note, memory.primaries()));
		return watched.repeatingFrom(from, memory.primaries(), exact, now);
	}

	private long origin(PartitionLog partitionLog, int partition, @Nullable Note note) {
		Instant since = this.clock.instant().minus((note != null) ? this.rewind : this.whenEmpty);
		long byTime = partitionLog.offsetSince(partition, since);
		long from = (note != null) ? Math.min(byTime, note.position()) : byTime;
		return Math.max(from, partitionLog.beginningOffset(partition));
	}

	private static String reason(@Nullable Note note, String primaries) {
		return (note != null) ? "the primary of Redis is %s and was %s, so the newest writes may be lost."
			.formatted(primaries, note.primaries()) : "Redis remembers nothing.";
	}

	private static String name(String topic, int partition) {
		return topic + ":" + partition;
	}

}
