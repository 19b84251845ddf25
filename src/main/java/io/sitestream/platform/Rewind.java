package io.sitestream.platform;

import java.util.Map;
import java.util.Set;

/**
 * Knows from where a function must repeat records, since the store that it writes may
 * have lost what came of them. Calls come on the consumer's thread; the edge seeks to the
 * offsets that they return, which lie before the partitions' positions.
 */
public interface Rewind {

	/** For functions that write nothing that could be lost. */
	Rewind NEVER = new Rewind() {
	};

	/**
	 * Partitions came.
	 * @param log the partitions, at the positions that were committed
	 * @return where to go back to, by partition
	 */
	default Map<Integer, Long> assigned(PartitionLog log) {
		return Map.of();
	}

	/**
	 * A batch was processed, or a poll brought nothing.
	 * @param log all partitions that are assigned at present
	 * @param positions for partitions that were polled, up to where everything is
	 * processed
	 * @return where to go back to, by partition
	 */
	default Map<Integer, Long> reached(PartitionLog log, Map<Integer, Long> positions) {
		return Map.of();
	}

	/**
	 * A batch failed and will come again, from where this says if that lies further back.
	 * @param log all partitions that are assigned at present
	 * @return where to go back to, by partition
	 */
	default Map<Integer, Long> failed(PartitionLog log) {
		return Map.of();
	}

	/**
	 * The partitions went to somebody else, or were lost.
	 * @param topic the topic's full name
	 * @param partitions the partitions
	 */
	default void revoked(String topic, Set<Integer> partitions) {
	}

}
