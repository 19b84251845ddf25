package io.sitestream.platform.kafka;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import io.sitestream.platform.PartitionLog;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/**
 * The assigned partitions as the consumer sees them. Of a consumer that reads committed,
 * the end is the last stable offset.
 *
 * @param consumer the consumer, on whose thread this is used
 * @param topic the topic's full name
 * @param partitions the assigned partitions
 */
record ConsumerPartitionLog(Consumer<?, ?> consumer, String topic, Set<Integer> partitions) implements PartitionLog {

	/**
	 * Sorts partitions by topic.
	 * @param consumer their consumer
	 * @param partitions the partitions
	 * @return a log for each topic
	 */
	static List<PartitionLog> of(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
		Map<String, Set<Integer>> byTopic = new TreeMap<>();
		partitions.forEach((partition) -> byTopic.computeIfAbsent(partition.topic(), (topic) -> new TreeSet<>())
			.add(partition.partition()));
		List<PartitionLog> logs = new ArrayList<>();
		byTopic.forEach((topic, numbers) -> logs.add(new ConsumerPartitionLog(consumer, topic, numbers)));
		return logs;
	}

	@Override
	public long beginningOffset(int partition) {
		TopicPartition key = new TopicPartition(this.topic, partition);
		return Objects.requireNonNull(this.consumer.beginningOffsets(Set.of(key)).get(key));
	}

	@Override
	public long endOffset(int partition) {
		TopicPartition key = new TopicPartition(this.topic, partition);
		return Objects.requireNonNull(this.consumer.endOffsets(Set.of(key)).get(key));
	}

	@Override
	public long offsetSince(int partition, Instant time) {
		TopicPartition key = new TopicPartition(this.topic, partition);
		OffsetAndTimestamp first = this.consumer.offsetsForTimes(Map.of(key, Math.max(0, time.toEpochMilli())))
			.get(key);
		return (first != null) ? first.offset() : endOffset(partition);
	}

	@Override
	public long position(int partition) {
		return this.consumer.position(new TopicPartition(this.topic, partition));
	}

	@Override
	public void seek(int partition, long offset) {
		this.consumer.seek(new TopicPartition(this.topic, partition), offset);
	}

	@Override
	public void seek(int partition, long offset, int leaderEpoch) {
		// with an epoch the consumer asks the leader where that epoch ended, before it
		// fetches
		this.consumer.seek(new TopicPartition(this.topic, partition),
				new OffsetAndMetadata(offset, (leaderEpoch >= 0) ? Optional.of(leaderEpoch) : Optional.empty(), ""));
	}

}
