package io.sitestream.platform;

import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

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
	 * Learns, before the first call, how to ask whether records come at all.
	 * @param feeding says from any thread, at no cost, whether the function runs and is
	 * not paused; {@code true} while Kafka is away
	 */
	default void fedWhile(BooleanSupplier feeding) {
	}

	/**
	 * The function was stopped, paused or ended: records are missed from now on. Those
	 * come after the next {@link #assigned}, or after the next {@link #between} that
	 * finds it running.
	 */
	default void interrupted() {
	}

	/**
	 * For each partition the offset that will be read next. Safe to call from any thread.
	 * @return the positions, as far as they are known
	 */
	default Map<Integer, Long> positions() {
		return Map.of();
	}

	/**
	 * Comes after every call of {@link #on} that succeeded and of {@link #idle}, before
	 * the next poll: a seek here decides what that poll brings.
	 * @param log all partitions that are assigned at present
	 */
	default void between(PartitionLog log) {
	}

}
