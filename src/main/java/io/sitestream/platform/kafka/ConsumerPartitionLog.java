package io.sitestream.platform.kafka;

import java.util.Objects;
import java.util.Set;

import io.sitestream.platform.PartitionLog;
import org.apache.kafka.clients.consumer.Consumer;
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
	public long position(int partition) {
		return this.consumer.position(new TopicPartition(this.topic, partition));
	}

	@Override
	public void seek(int partition, long offset) {
		this.consumer.seek(new TopicPartition(this.topic, partition), offset);
	}

}
