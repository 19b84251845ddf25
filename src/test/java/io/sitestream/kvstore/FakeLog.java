package io.sitestream.kvstore;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import io.sitestream.platform.PartitionLog;
import io.sitestream.platform.Position;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.Replay;
import org.jspecify.annotations.Nullable;

/**
 * A topic's partitions in memory, and a consumer over them: offsets without a record
 * stand for transaction markers and for what compaction removed.
 */
final class FakeLog implements PartitionLog {

	static final String TOPIC = "t-colours";

	private final Map<Integer, TreeMap<Long, RawRecord>> records = new TreeMap<>();

	private final Map<Integer, Long> ends = new HashMap<>();

	private final Map<Integer, Long> beginnings = new HashMap<>();

	private final Map<Integer, Long> positions = new HashMap<>();

	/** Of the present leader. */
	private int epoch;

	FakeLog(int partitions) {
		for (int partition = 0; partition < partitions; partition++) {
			this.records.put(partition, new TreeMap<>());
			this.ends.put(partition, 0L);
			this.beginnings.put(partition, 0L);
		}
	}

	Position append(int partition, @Nullable String key, @Nullable String value) {
		return append(partition, (key != null) ? key.getBytes(StandardCharsets.UTF_8) : null, value);
	}

	Position append(int partition, byte @Nullable [] key, @Nullable String value) {
		Position position = new Position(TOPIC, partition, endOffset(partition));
		byte[] bytes = (value != null) ? value.getBytes(StandardCharsets.UTF_8) : null;
		this.records.get(partition)
			.put(position.offset(), new RawRecord(position, Instant.EPOCH, key, bytes, Map.of(), this.epoch));
		this.ends.merge(partition, 1L, Long::sum);
		return position;
	}

	void appendMarker(int partition) {
		this.ends.merge(partition, 1L, Long::sum);
	}

	void compactAway(Position position) {
		this.records.get(position.partition()).remove(position.offset());
	}

	void deleteRecordsBefore(int partition, long offset) {
		this.records.get(partition).headMap(offset).clear();
		this.beginnings.put(partition, offset);
	}

	/**
	 * Another broker becomes the leader, whose log ends earlier.
	 * @param partition the partition
	 * @param end where its log ends
	 */
	void truncate(int partition, long end) {
		this.records.get(partition).tailMap(end).clear();
		this.ends.put(partition, end);
		this.epoch++;
		this.positions.computeIfPresent(partition, (number, position) -> Math.min(position, end));
	}

	/**
	 * Delivers the next records of a partition, or the position when there are none.
	 * @param partition the partition
	 * @param most how many records at most
	 * @param replay who gets them
	 */
	void poll(int partition, int most, Replay replay) {
		List<RawRecord> batch = new ArrayList<>(
				this.records.get(partition).tailMap(position(partition)).values().stream().limit(most).toList());
		if (batch.isEmpty()) {
			this.positions.put(partition, endOffset(partition));
			replay.idle(TOPIC, partition, position(partition));
		}
		else {
			this.positions.put(partition, batch.getLast().position().offset() + 1);
			replay.on(batch);
		}
		replay.between(this);
	}

	void pollAll(Replay replay) {
		for (int partition : partitions()) {
			while (position(partition) < endOffset(partition)) {
				poll(partition, 10, replay);
			}
		}
	}

	List<RawRecord> records(int partition) {
		return List.copyOf(this.records.get(partition).values());
	}

	RawRecord newest(int partition) {
		return this.records.get(partition).lastEntry().getValue();
	}

	@Override
	public String topic() {
		return TOPIC;
	}

	@Override
	public Set<Integer> partitions() {
		return new TreeSet<>(this.records.keySet());
	}

	@Override
	public long beginningOffset(int partition) {
		return this.beginnings.get(partition);
	}

	@Override
	public long endOffset(int partition) {
		return this.ends.get(partition);
	}

	@Override
	public long offsetSince(int partition, Instant time) {
		return endOffset(partition);
	}

	@Override
	public long position(int partition) {
		return this.positions.getOrDefault(partition, 0L);
	}

	@Override
	public void seek(int partition, long offset) {
		this.positions.put(partition, offset);
	}

	@Override
	public void seek(int partition, long offset, int leaderEpoch) {
		long diverged = this.records.get(partition)
			.values()
			.stream()
			.filter((record) -> leaderEpoch >= 0 && record.leaderEpoch() > leaderEpoch)
			.mapToLong((record) -> record.position().offset())
			.findFirst()
			.orElse(endOffset(partition));
		seek(partition, Math.min(offset, diverged));
	}

}
