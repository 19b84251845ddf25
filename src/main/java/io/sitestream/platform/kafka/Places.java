package io.sitestream.platform.kafka;

import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.kafka.common.TopicPartition;

/**
 * Where a function's consumers stand. A group commits the offset after the last record,
 * but a partition that ends with the marker of a transaction ends behind that: no record
 * is left, and one offset. Who has read so far knows it. Safe for use by several threads.
 */
final class Places {

	private static final long NOTHING_READ = 0;

	private final Map<TopicPartition, Place> places = new ConcurrentHashMap<>();

	/**
	 * Records were processed.
	 * @param next the offsets after them
	 */
	void processed(Map<TopicPartition, Long> next) {
		next.forEach((partition, offset) -> this.places.put(partition, new Place(offset, offset)));
	}

	/**
	 * A poll brought nothing.
	 * @param partition the partition
	 * @param position the offset that will be read next
	 */
	void idle(TopicPartition partition, long position) {
		this.places.merge(partition, new Place(NOTHING_READ, position),
				(before, now) -> new Place(before.next(), position));
	}

	void came(Collection<TopicPartition> partitions) {
		this.places.keySet().removeAll(partitions);
	}

	void left(Collection<TopicPartition> partitions) {
		// what was before the first record is known by its owner alone
		partitions.forEach((partition) -> this.places.computeIfPresent(partition,
				(key, place) -> (place.next() == NOTHING_READ) ? null : place));
	}

	/**
	 * Where the first record lies that is not committed.
	 * @param partition the partition
	 * @param committed what the group has committed
	 * @return the offset that is committed, or a later one if no record lies between
	 */
	long behind(TopicPartition partition, long committed) {
		Place place = this.places.get(partition);
		return (place != null && committed >= place.next()) ? Math.max(committed, place.position()) : committed;
	}

	OptionalLong position(TopicPartition partition) {
		Place place = this.places.get(partition);
		return (place != null) ? OptionalLong.of(place.position()) : OptionalLong.empty();
	}

	/**
	 * Where a consumer stands.
	 *
	 * @param next the offset after the last record that was processed
	 * @param position the offset that will be read next; no record lies between
	 */
	private record Place(long next, long position) {

	}

}
