package io.sitestream.platform.kafka;

import java.util.Collection;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

import org.springframework.cloud.stream.binder.kafka.KafkaBindingRebalanceListener;

/**
 * The one rebalance listener. The binder takes one only if it is the only bean of its
 * type, and silently none if there are two.
 */
final class RebalanceDispatcher implements KafkaBindingRebalanceListener {

	private final FunctionBeans functions;

	private final Trail trail;

	RebalanceDispatcher(FunctionBeans functions, Trail trail) {
		this.functions = functions;
		this.trail = trail;
	}

	@Override
	public void onPartitionsAssigned(String bindingName, Consumer<?, ?> consumer, Collection<TopicPartition> partitions,
			boolean initial) {
		try {
			this.functions.ofBinding(bindingName).ifPresent((function) -> {
				function.assigned(ConsumerPartitionLog.of(consumer, partitions));
				this.trail.assigned(function.name(), consumer, partitions);
			});
		}
		catch (RuntimeException ex) {
			// an assignment is told once, whatever came of it: only another one lets a
			// replay seek
			consumer.enforceRebalance("%s could not take its partitions: %s".formatted(bindingName, ex));
			throw ex;
		}
	}

	@Override
	public void onPartitionsRevokedAfterCommit(String bindingName, Consumer<?, ?> consumer,
			Collection<TopicPartition> partitions) {
		this.functions.ofBinding(bindingName)
			.ifPresent((function) -> ConsumerPartitionLog.of(consumer, partitions).forEach((log) -> {
				function.declaration().partitions().revoked(log.topic(), log.partitions());
				function.declaration().rewind().revoked(log.topic(), log.partitions());
			}));
	}

}
