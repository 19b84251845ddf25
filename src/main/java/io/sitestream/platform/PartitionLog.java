package io.sitestream.platform;

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
	 * The offset that will be read next. It passes transaction markers and compacted
	 * records.
	 * @param partition the partition
	 * @return the offset
	 */
	long position(int partition);

	void seek(int partition, long offset);

}
