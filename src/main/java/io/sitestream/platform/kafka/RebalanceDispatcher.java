package io.sitestream.platform.kafka;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

import org.springframework.cloud.stream.binder.kafka.KafkaBindingRebalanceListener;

/**
 * The one rebalance listener. The binder takes one only if it is the only bean of its
 * type, and silently none if there are two.
 */
final class RebalanceDispatcher implements KafkaBindingRebalanceListener {

	private final FunctionBeans functions;

	RebalanceDispatcher(FunctionBeans functions) {
		this.functions = functions;
	}

	@Override
	public void onPartitionsAssigned(String bindingName, Consumer<?, ?> consumer, Collection<TopicPartition> partitions,
			boolean initial) {
		this.functions.ofBinding(bindingName)
			.ifPresent((function) -> byTopic(partitions).forEach((topic, numbers) -> function.declaration()
				.partitions()
				.assigned(new ConsumerPartitionLog(consumer, topic, numbers))));
	}

	@Override
	public void onPartitionsRevokedAfterCommit(String bindingName, Consumer<?, ?> consumer,
			Collection<TopicPartition> partitions) {
		this.functions.ofBinding(bindingName)
			.ifPresent((function) -> byTopic(partitions)
				.forEach((topic, numbers) -> function.declaration().partitions().revoked(topic, numbers)));
	}

	private static Map<String, Set<Integer>> byTopic(Collection<TopicPartition> partitions) {
		Map<String, Set<Integer>> byTopic = new TreeMap<>();
		partitions.forEach((partition) -> byTopic.computeIfAbsent(partition.topic(), (topic) -> new TreeSet<>())
			.add(partition.partition()));
		return byTopic;
	}

}
