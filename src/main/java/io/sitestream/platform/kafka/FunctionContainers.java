package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.sitestream.platform.Replay;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.stream.binder.ExtendedConsumerProperties;
import org.springframework.cloud.stream.binder.kafka.KafkaListenerContainerCustomizer;
import org.springframework.cloud.stream.binder.kafka.properties.KafkaConsumerProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.kafka.event.ConsumerPausedEvent;
import org.springframework.kafka.event.ConsumerRetryAuthEvent;
import org.springframework.kafka.event.ConsumerRetryAuthSuccessfulEvent;
import org.springframework.kafka.event.ConsumerStartedEvent;
import org.springframework.kafka.event.ConsumerStoppedEvent;
import org.springframework.kafka.event.ListenerContainerPartitionIdleEvent;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.transaction.KafkaAwareTransactionManager;

/**
 * The one container customizer: what the containers of functions do when a batch fails,
 * and what their functions hear. The binder takes one only if it is the only bean of its
 * type, and silently none if there are two.
 */
final class FunctionContainers implements KafkaListenerContainerCustomizer {

	private static final long IDLE_MILLIS = 1_000;

	private static final Duration AFTER_REFUSAL = Duration.ofSeconds(2);

	private final FunctionBeans functions;

	private final Redelivery redelivery;

	private final ApplicationEventPublisher events;

	private final FetchWatch fetches = new FetchWatch();

	private final OwnerTransaction transaction;

	private final FunctionTransactions transactions;

	private final Trail trail;

	private final Map<String, AbstractMessageListenerContainer<?, ?>> containers = new ConcurrentHashMap<>();

	FunctionContainers(FunctionBeans functions, Redelivery redelivery, ApplicationEventPublisher events,
			OwnerTransaction transaction, FunctionTransactions transactions, Trail trail) {
		this.functions = functions;
		this.redelivery = redelivery;
		this.events = events;
		this.transaction = transaction;
		this.transactions = transactions;
		this.trail = trail;
	}

	/**
	 * The containers by the name of their binding.
	 * @return the containers
	 */
	Map<String, AbstractMessageListenerContainer<?, ?>> containers() {
		return Map.copyOf(this.containers);
	}

	/**
	 * The container of a function.
	 * @param function the function's name
	 * @return its container, or {@code null} as long as its binding has not started
	 */
	@Nullable AbstractMessageListenerContainer<?, ?> of(String function) {
		return this.containers.get(function + FunctionBeans.INPUT);
	}

	/**
	 * Whether a partition is to be paused, whatever its function does: an operator or a
	 * redelivery has paused it.
	 * @param function the function's name
	 * @param partition the partition
	 * @return whether its container, or the one that consumes it, is to be paused
	 */
	boolean isHeld(String function, TopicPartition partition) {
		AbstractMessageListenerContainer<?, ?> container = of(function);
		return container != null && (container.isPauseRequested()
				|| (container instanceof ConcurrentMessageListenerContainer<?, ?> parent
						&& parent.getContainerFor(partition.topic(), partition.partition()).isPauseRequested()));
	}

	@Override
	public void configure(AbstractMessageListenerContainer<?, ?> container, String destinationName, String group) {
		throw new IllegalStateException("The binder did not say which binding the container is for.");
	}

	@Override
	@SuppressWarnings("unchecked")
	public void configure(AbstractMessageListenerContainer<?, ?> container, String destinationName, String group,
			ExtendedConsumerProperties<KafkaConsumerProperties> properties) {
		String binding = properties.getBindingName();
		this.functions.ofBinding(binding).ifPresent((function) -> {
			check(function, container.getContainerProperties().getKafkaAwareTransactionManager());
			configure(container, function);
			if (this.trail.isOn() && !OwnGroups.isOwn(group)) {
				((AbstractMessageListenerContainer<Object, Object>) container)
					.setBatchInterceptor(this.trail.of(function.name(), function.declaration().isTransactional()));
			}
			this.containers.put(binding, container);
		});
	}

	@SuppressWarnings("unchecked")
	private void configure(AbstractMessageListenerContainer<?, ?> container, BatchFunction function) {
		ContainerProperties properties = container.getContainerProperties();
		properties.setPollTimeout(IDLE_MILLIS);
		properties.setIdlePartitionEventInterval(IDLE_MILLIS);
		// a right that is taken and given back is no reason to stop for ever
		properties.setAuthExceptionRetryInterval(AFTER_REFUSAL);
		properties.setIdleBetweenPolls(function.declaration().interval().toMillis());
		Replay replay = function.declaration().replay();
		container.setApplicationEventPublisher((event) -> {
			if (event instanceof ListenerContainerPartitionIdleEvent idle) {
				tell(function, idle.getTopicPartition(), idle.getConsumer());
			}
			else {
				if (replay != null && isInterruption(event, container)) {
					replay.interrupted();
				}
				tell(function, event);
				this.events.publishEvent(event);
			}
		});
		if (replay != null) {
			replay.fedWhile(() -> isFeeding(container));
			// positions are kept by the replay, never by the broker
			properties.setAckMode(ContainerProperties.AckMode.MANUAL);
			// one reader keeps the positions of all partitions
			if (container instanceof ConcurrentMessageListenerContainer<?, ?> concurrent) {
				concurrent.setConcurrency(1);
			}
		}
		if (function.declaration().isTransactional()) {
			((AbstractMessageListenerContainer<byte[], byte[]>) container)
				.setAfterRollbackProcessor(new RedeliveringAfterRollback(this.redelivery, function));
		}
		else {
			container.setCommonErrorHandler(new RedeliveringErrorHandler(this.redelivery, function));
		}
	}

	/**
	 * Whether a container brings records as they come. It does while it retries, and
	 * while Kafka is away.
	 */
	private static boolean isFeeding(AbstractMessageListenerContainer<?, ?> container) {
		return container.isRunning() && !container.isPauseRequested();
	}

	/**
	 * Whether a consumer has ended, for whatever reason, or was paused by an operator and
	 * not by a redelivery, which pauses children only.
	 */
	private static boolean isInterruption(Object event, AbstractMessageListenerContainer<?, ?> container) {
		return event instanceof ConsumerStoppedEvent
				|| (event instanceof ConsumerPausedEvent && container.isPauseRequested());
	}

	private static void tell(BatchFunction function, Object event) {
		switch (event) {
			case ConsumerStoppedEvent stopped when stopped.getReason() != ConsumerStoppedEvent.Reason.NORMAL
					&& stopped.getReason() != ConsumerStoppedEvent.Reason.ERROR ->
				function.progress()
					.ended(new IllegalStateException(
							"The consumer has ended (%s), the log says why.".formatted(stopped.getReason())));
			case ConsumerRetryAuthEvent refused -> function.progress()
				.stuck(new AuthorizationException(
						"Kafka refuses the consumer (%s), the log says what.".formatted(refused.getReason())));
			case ConsumerRetryAuthSuccessfulEvent taken -> function.progress().goesOn();
			case ConsumerStartedEvent started -> function.progress().goesOn();
			default -> {
			}
		}
	}

	private void tell(BatchFunction function, TopicPartition partition, Consumer<?, ?> consumer) {
		// a paused consumer has nothing to say about what lies ahead
		if (!consumer.paused().contains(partition)) {
			long position = consumer.position(partition);
			function.stalls().passed(function.name(), Map.of(partition, position));
			function.declaration().partitions().idle(partition.topic(), partition.partition(), position);
			function.progress().idle(partition, position);
			// nothing in this poll is no proof that nothing lies ahead
			boolean atEnd = consumer.currentLag(partition).orElse(Long.MAX_VALUE) == 0
					&& this.fetches.isAnswered(consumer);
			function.tellReached(consumer, Map.of(partition, position), atEnd ? Map.of(partition, 0L) : Map.of());
			function.tasks().run(consumer);
			function
				.callWithoutRecords((due) -> this.transaction.call(due, List.of(), consumer.assignment(), consumer));
			function.tellBetween(consumer);
		}
		else if (function.stalls().has(partition)) {
			// a replay may wait for it
			function.tasks().run(consumer);
		}
	}

	private void check(BatchFunction function, @Nullable KafkaAwareTransactionManager<?, ?> manager) {
		boolean transactional = function.declaration().isTransactional();
		if (transactional ? manager == null || !this.transactions.isOf(function.name(), manager) : manager != null) {
			throw new IllegalStateException(BoundTransactions.refusal(function.name(), transactional,
					(manager != null) ? "somebody else's transaction manager" : "no transaction manager"));
		}
	}

}
