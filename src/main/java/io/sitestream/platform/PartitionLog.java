package io.sitestream.platform;

import java.time.Instant;
import java.util.Set;

/**
 * The partitions of one topic that were just assigned, as their consumer sees them. Valid
 * only during the call that hands it over, on that thread.
 */
public interface PartitionLog {

	/**
	 * The topic's full name, prefix included.
	 * @return the name
	 */
	String topic();

	Set<Integer> partitions();

	long beginningOffset(int partition);

	/**
	 * The offset after the last committed record.
	 * @param partition the partition
	 * @return the offset of the next record that will be readable
	 */
	long endOffset(int partition);

	/**
	 * The first offset of what was written since a time.
	 * @param partition the partition
	 * @param time the time, compared with the records' own
	 * @return the offset, or the end if nothing was written since
	 */
	long offsetSince(int partition, Instant time);

	/**
	 * The offset that will be read next. It passes transaction markers and compacted
	 * records.
	 * @param partition the partition
	 * @return the offset
	 */
	long position(int partition);

	void seek(int partition, long offset);

	/**
	 * Goes on at an offset, provided that the log is still the one that was read up to
	 * there. Where it was truncated since, what comes next begins with the first record
	 * that replaced others: it lies before that offset and has a later epoch.
	 * @param partition the partition
	 * @param offset the offset that will be read next
	 * @param leaderEpoch the epoch of the last record before it, or -1 if unknown, which
	 * leaves the log unchecked
	 */
	void seek(int partition, long offset, int leaderEpoch);

}
