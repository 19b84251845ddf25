package io.sitestream.platform.kafka;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

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

	/** What came and could not be taken. */
	private final Map<Consumer<?, ?>, Set<TopicPartition>> untaken = Collections.synchronizedMap(new WeakHashMap<>());

	RebalanceDispatcher(FunctionBeans functions, Trail trail) {
		this.functions = functions;
		this.trail = trail;
	}

	@Override
	public void onPartitionsAssigned(String bindingName, Consumer<?, ?> consumer, Collection<TopicPartition> partitions,
			boolean initial) {
		Set<TopicPartition> coming = new HashSet<>(this.untaken.getOrDefault(consumer, Set.of()));
		coming.retainAll(consumer.assignment());
		coming.addAll(partitions);
		if (coming.isEmpty()) {
			return;
		}
		try {
			this.functions.ofBinding(bindingName).ifPresent((function) -> {
				function.stalls().forget(coming);
				function.progress().came(coming);
				function.assigned(ConsumerPartitionLog.of(consumer, coming));
				this.trail.assigned(function.name(), consumer, coming);
			});
			this.untaken.remove(consumer);
		}
		catch (RuntimeException ex) {
			// an assignment is told once, whatever came of it; a cooperative group
			// never names these partitions again, so they are remembered here
			this.untaken.put(consumer, coming);
			consumer.enforceRebalance("%s could not take its partitions: %s".formatted(bindingName, ex));
			throw ex;
		}
	}

	@Override
	public void onPartitionsRevokedAfterCommit(String bindingName, Consumer<?, ?> consumer,
			Collection<TopicPartition> partitions) {
		this.functions.ofBinding(bindingName).ifPresent((function) -> {
			function.stalls().forget(partitions);
			function.progress().left(partitions);
			ConsumerPartitionLog.of(consumer, partitions).forEach((log) -> {
				function.declaration().partitions().revoked(log.topic(), log.partitions());
				function.declaration().rewind().revoked(log.topic(), log.partitions());
			});
		});
	}

}
