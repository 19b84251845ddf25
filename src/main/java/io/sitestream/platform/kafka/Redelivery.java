package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * Makes a failed batch come again, without end: seeks back and pauses the container,
 * which goes on polling and so keeps its partitions however long the fault lasts. The
 * pause grows from 0.5 s to 10 s while the same batch fails.
 */
final class Redelivery {

	private static final Logger log = LoggerFactory.getLogger(Redelivery.class);

	private static final Duration ASK_AGAIN = Duration.ofSeconds(5);

	private static final Duration MOMENT = Duration.ofMillis(50);

	private final RedeliveryPauses pauses;

	private final Map<Set<TopicPartition>, Failures> failures = new ConcurrentHashMap<>();

	Redelivery(RedeliveryPauses pauses) {
		this.pauses = pauses;
	}

	/**
	 * Seeks to the first record of each partition in a batch, or further back.
	 * @param records the batch
	 * @param consumer the consumer
	 * @param container the container, or the parent of a container with several consumers
	 * @param fault why it comes again, and perhaps which partitions have to go back
	 */
	void fromFirst(Iterable<? extends ConsumerRecord<?, ?>> records, Consumer<?, ?> consumer,
			MessageListenerContainer container, Exception fault) {
		Map<TopicPartition, Long> back = BatchFailedException.backIn(fault);
		Map<TopicPartition, Long> first = firstOffsets(records);
		Map<TopicPartition, Long> next = new LinkedHashMap<>(first);
		back.forEach((partition, offset) -> next.merge(partition, offset, Math::min));
		seek(next, consumer);
		pause(first, container, fault);
	}

	/**
	 * Seeks to the first record that is not committed. A commit whose answer was lost may
	 * have been carried out, and then the batch must not come again. What else is
	 * committed says nothing about this batch.
	 * @param records the batch
	 * @param consumer the consumer
	 * @param container the container, or the parent of a container with several consumers
	 * @param fault why it comes again
	 * @param mayBeCommitted whether its own transaction came as far as the commit
	 */
	void fromCommitted(Iterable<? extends ConsumerRecord<?, ?>> records, Consumer<?, ?> consumer,
			MessageListenerContainer container, Exception fault, boolean mayBeCommitted) {
		Map<TopicPartition, Long> first = firstOffsets(records);
		// at once, since the container goes on behind the batch should anything fail here
		seek(first, consumer);
		if (mayBeCommitted) {
			seek(uncommitted(records, first, committed(first.keySet(), consumer, container)), consumer);
		}
		pause(first, container, fault);
	}

	/**
	 * Asks until it is known, whatever stands against it: a server that is away, or a
	 * right that was taken.
	 */
	private static Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions,
			Consumer<?, ?> consumer, MessageListenerContainer container) {
		while (true) {
			long asked = System.nanoTime();
			try {
				return consumer.committed(partitions, ASK_AGAIN);
			}
			catch (KafkaException ex) {
				if (!container.isRunning() || Thread.currentThread().isInterrupted()) {
					throw ex;
				}
				log.warn("The group coordinator does not say what is committed of {}, and is asked again: {}",
						partitions, ex.toString());
				LockSupport.parkNanos(ASK_AGAIN.toNanos() - (System.nanoTime() - asked));
			}
		}
	}

	/**
	 * The first offsets, or those behind them that are committed, but never beyond what
	 * the batch itself could commit.
	 */
	private static Map<TopicPartition, Long> uncommitted(Iterable<? extends ConsumerRecord<?, ?>> records,
			Map<TopicPartition, Long> first, Map<TopicPartition, OffsetAndMetadata> committed) {
		Map<TopicPartition, Long> end = new HashMap<>();
		records.forEach((record) -> end.merge(new TopicPartition(record.topic(), record.partition()),
				record.offset() + 1, Math::max));
		Map<TopicPartition, Long> next = new LinkedHashMap<>(first);
		next.replaceAll((partition, offset) -> {
			OffsetAndMetadata known = committed.get(partition);
			return (known != null) ? Math.clamp(known.offset(), offset, end.get(partition)) : offset;
		});
		return next;
	}

	static Map<TopicPartition, Long> firstOffsets(Iterable<? extends ConsumerRecord<?, ?>> records) {
		Map<TopicPartition, Long> first = new LinkedHashMap<>();
		records.forEach((record) -> first.merge(new TopicPartition(record.topic(), record.partition()), record.offset(),
				Math::min));
		return first;
	}

	private static void seek(Map<TopicPartition, Long> offsets, Consumer<?, ?> consumer) {
		Set<TopicPartition> assigned = consumer.assignment();
		offsets.forEach((partition, offset) -> {
			if (assigned.contains(partition)) {
				consumer.seek(partition, offset);
			}
		});
	}

	private void pause(Map<TopicPartition, Long> first, MessageListenerContainer container, Exception fault) {
		if (Faults.isRebalance(fault) || BatchFailedException.isAtOnce(fault)) {
			// nothing is wrong: the group has changed, which the next poll tells, or the
			// next poll has other records
			this.pauses.pause(consuming(container, first.keySet().iterator().next()), container, MOMENT);
			return;
		}
		Failures before = this.failures.get(first.keySet());
		Failures now = (before != null && before.first().equals(first)) ? before.again() : new Failures(first, 0);
		this.failures.put(Set.copyOf(first.keySet()), now);
		this.pauses.pause(consuming(container, first.keySet().iterator().next()), container, now.pause());
	}

	private static MessageListenerContainer consuming(MessageListenerContainer container, TopicPartition partition) {
		if (container instanceof ConcurrentMessageListenerContainer<?, ?> parent) {
			MessageListenerContainer child = parent.getContainerFor(partition.topic(), partition.partition());
			List<? extends MessageListenerContainer> children = parent.getContainers();
			// a partition that has left is nobody's
			return (child == parent && children.size() == 1) ? children.getFirst() : child;
		}
		return container;
	}

	/**
	 * How often a batch has failed in a row.
	 *
	 * @param first where the batch begins
	 * @param repeats how often it failed again
	 */
	private record Failures(Map<TopicPartition, Long> first, int repeats) {

		private static final long FIRST_MILLIS = 500;

		private static final long LONGEST_MILLIS = 10_000;

		Failures again() {
			return new Failures(this.first, this.repeats + 1);
		}

		Duration pause() {
			return Duration.ofMillis(Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(this.repeats, 10)));
		}

	}

}
