package io.sitestream.platform;

import java.util.Set;

/**
 * Hears about the partitions of a function. All calls come on the consumer's thread, one
 * after the other with the function's batches, and must not block.
 */
public interface PartitionListener {

	default void assigned(PartitionLog log) {
	}

	/**
	 * The partitions went to somebody else, or were lost.
	 * @param topic the topic's full name
	 * @param partitions the partitions that are no longer ours
	 */
	default void revoked(String topic, Set<Integer> partitions) {
	}

	/**
	 * A batch has come, and nothing of it is processed yet. If it begins where the batch
	 * before it ended, or behind, that one is done for good: its offset is committed, and
	 * in one transaction what was emitted for it. A batch that failed begins again at its
	 * first record.
	 * @param topic the topic's full name
	 * @param partition the partition
	 * @param first the offset of the batch's first record
	 * @param behind the offset after its last record
	 */
	default void polled(String topic, int partition, long first, long behind) {
	}

	/**
	 * A batch was processed, or a poll brought nothing and nothing is known to follow.
	 * @param topic the topic's full name
	 * @param partition the partition
	 * @param position the offset after the batch's last record
	 * @param remaining how many records were known to follow when the batch was polled
	 */
	default void reached(String topic, int partition, long position, long remaining) {
	}

	/**
	 * A poll brought nothing for this partition, for about a second by now.
	 * @param topic the topic's full name
	 * @param partition the partition
	 * @param position the offset that will be read next
	 */
	default void idle(String topic, int partition, long position) {
	}

}
