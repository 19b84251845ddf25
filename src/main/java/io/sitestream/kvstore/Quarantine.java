package io.sitestream.kvstore;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import io.sitestream.platform.RawRecord;

/**
 * The records that a store could not take, the newest of each key in each partition. A
 * later good record of the key, a tombstone included, takes it out. The last good value
 * of a key stays in memory and in checkpoints; once compaction has removed it from the
 * topic, a process that starts without a checkpoint does not know it any more.
 */
final class Quarantine {

	private final Map<Object, Held> records = new ConcurrentHashMap<>();

	private final AtomicLong total = new AtomicLong();

	void add(RawRecord record, String cause) {
		this.records.put(identity(record), new Held(record, new QuarantinedRecord(record.position().partition(),
				record.position().offset(), record.keyText(), cause)));
		this.total.incrementAndGet();
	}

	/**
	 * Takes out what a record replaces in the log.
	 * @param record a later record
	 * @return whether a record of its key was held that lies in the same partition
	 */
	boolean repairedBy(RawRecord record) {
		return !this.records.isEmpty() && this.records.remove(identity(record)) != null;
	}

	void clear() {
		this.records.clear();
	}

	List<QuarantinedRecord> records() {
		return this.records.values()
			.stream()
			.map(Held::description)
			.sorted(Comparator.comparingInt(QuarantinedRecord::partition).thenComparing(QuarantinedRecord::offset))
			.toList();
	}

	/**
	 * The records themselves, so that a checkpoint may carry them on: who reads it may be
	 * able to read them.
	 * @return the records, in no order
	 */
	List<RawRecord> raw() {
		return this.records.values().stream().map(Held::record).toList();
	}

	int size() {
		return this.records.size();
	}

	/**
	 * How many records were put here since the start, repaired ones included.
	 * @return the number
	 */
	long total() {
		return this.total.get();
	}

	private static Object identity(RawRecord record) {
		return (record.key() != null) ? new Place(record.position().partition(), ByteBuffer.wrap(record.key()))
				: record.position();
	}

	/**
	 * Compaction keeps the newest record of a key in each partition by itself.
	 *
	 * @param partition the partition
	 * @param key the key
	 */
	private record Place(int partition, ByteBuffer key) {

	}

	/**
	 * A record that could not be read.
	 *
	 * @param record the record as it came
	 * @param description what an operator sees
	 */
	private record Held(RawRecord record, QuarantinedRecord description) {

	}

}
