package io.sitestream.platform.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

import io.sitestream.platform.PartitionLog;
import io.sitestream.platform.Rewind;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Asks a function's rewind where to go back to.
 *
 * @param rewind the rewind
 */
record Rewinding(Rewind rewind) {

	/**
	 * Seeks partitions that were just assigned.
	 * @param log the partitions
	 */
	void assigned(PartitionLog log) {
		this.rewind.assigned(log).forEach(log::seek);
	}

	/**
	 * Seeks partitions back after a batch was processed, or a poll brought nothing.
	 * @param consumer the consumer
	 * @param positions up to where everything is processed
	 * @return the partitions that go back, and where to
	 */
	Map<TopicPartition, Long> reached(Consumer<?, ?> consumer, Map<TopicPartition, Long> positions) {
		Map<TopicPartition, Long> back = ask(consumer, (log) -> this.rewind.reached(log, of(log.topic(), positions)));
		back.forEach(consumer::seek);
		return back;
	}

	/**
	 * Where a batch that failed has to come from.
	 * @param consumer the consumer
	 * @return the partitions that go back, and where to
	 */
	Map<TopicPartition, Long> failed(Consumer<?, ?> consumer) {
		return ask(consumer, this.rewind::failed);
	}

	private Map<TopicPartition, Long> ask(Consumer<?, ?> consumer,
			Function<PartitionLog, Map<Integer, Long>> question) {
		if (this.rewind == Rewind.NEVER) {
			return Map.of();
		}
		Map<TopicPartition, Long> back = new HashMap<>();
		ConsumerPartitionLog.of(consumer, consumer.assignment())
			.forEach((log) -> question.apply(log)
				.forEach((partition, offset) -> back.put(new TopicPartition(log.topic(), partition), offset)));
		return back;
	}

	private static Map<Integer, Long> of(String topic, Map<TopicPartition, Long> positions) {
		Map<Integer, Long> found = new HashMap<>();
		positions.forEach((partition, position) -> {
			if (partition.topic().equals(topic)) {
				found.put(partition.partition(), position);
			}
		});
		return found;
	}

}
