package io.sitestream.platform;

import java.util.List;

/**
 * Reads a topic from the beginning in every instance, without a group, and keeps its own
 * position: it seeks where it wants to go on when partitions are assigned. Records come
 * as they are, since only the reader knows what to do with an unreadable one. Calls come
 * on the consumer's thread.
 */
public interface Replay extends PartitionListener {

	/**
	 * Takes the next records of the assigned partitions, in order. An exception makes
	 * them come again.
	 * @param records at least one record
	 */
	void on(List<RawRecord> records);

	/**
	 * Comes after every call of {@link #on} that succeeded and of {@link #idle}, before
	 * the next poll: a seek here decides what that poll brings.
	 * @param log all partitions that are assigned at present
	 */
	default void between(PartitionLog log) {
	}

}
