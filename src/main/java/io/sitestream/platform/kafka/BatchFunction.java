package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

import io.sitestream.platform.PartitionListener;
import io.sitestream.platform.PartitionLog;
import io.sitestream.platform.Position;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.Replay;
import io.sitestream.platform.Rewind;
import io.sitestream.platform.Topic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.BeanNameAware;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;

/**
 * A function at the edge: knows its name, what it consumes and emits, and how its last
 * batch went. The records of one partition come on one thread at a time; with a
 * concurrency above 1 several threads call it.
 */
final class BatchFunction implements java.util.function.Consumer<Message<List<RawRecord>>>, BeanNameAware {

	private static final Logger log = LoggerFactory.getLogger(BatchFunction.class);

	private final Declaration declaration;

	private final BiConsumer<String, List<RawRecord>> process;

	private final FunctionMetrics metrics;

	private final FunctionProgress progress;

	private final OwnerTasks tasks = new OwnerTasks();

	private final StalledPartitions stalls = new StalledPartitions();

	/** Whether the call without records has not succeeded yet since an assignment. */
	private final AtomicBoolean due = new AtomicBoolean();

	private String name = "?";

	BatchFunction(Declaration declaration, BiConsumer<String, List<RawRecord>> process, FunctionMetrics metrics) {
		this.declaration = declaration;
		this.process = process;
		this.metrics = metrics;
		this.progress = new FunctionProgress(() -> this.name, metrics);
	}

	@Override
	public void setBeanName(String name) {
		this.name = name;
		this.metrics.known(name, this.stalls);
	}

	String name() {
		return this.name;
	}

	Declaration declaration() {
		return this.declaration;
	}

	/**
	 * What is to run on the thread of the function's consumer.
	 * @return the tasks
	 */
	OwnerTasks tasks() {
		return this.tasks;
	}

	/**
	 * The partitions that are stalled at a record which can be neither processed nor
	 * kept.
	 * @return the stalled partitions
	 */
	StalledPartitions stalls() {
		return this.stalls;
	}

	/**
	 * Processes records once more, on the caller's thread, as if they had come just now.
	 * @param records records of the function's inputs
	 */
	void again(List<RawRecord> records) {
		this.process.accept(this.name, records);
	}

	@Override
	public void accept(Message<List<RawRecord>> message) {
		Optional<Consumer<?, ?>> consumer = consumer(message);
		Map<TopicPartition, Long> first = first(message.getPayload());
		// what lies before this batch is committed
		this.progress.passed(first);
		this.stalls.passed(this.name, first);
		try {
			Map<TopicPartition, Long> next = next(message.getPayload());
			consumer.ifPresent((owner) -> tellPolled(first, next));
			this.process.accept(this.name, message.getPayload());
			if (!this.declaration.isTransactional()) {
				this.stalls.resolved(this.name, message.getPayload());
			}
			consumer.ifPresent((owner) -> {
				tellReached(owner, next, remaining(message));
				tellBetween(owner);
			});
			this.progress.places().processed(next);
			if (!this.declaration.isTransactional()) {
				this.progress.passed(next);
			}
		}
		catch (RuntimeException ex) {
			throw refused(message.getPayload(), ex) ? BatchFailedException.atOnce(this.name, ex)
					: failed(message.getPayload(), consumer, ex);
		}
		catch (Error ex) {
			// the container ends its consumer now; health has to say so
			this.progress.stuck(ex);
			throw ex;
		}
	}

	void assigned(List<PartitionLog> logs) {
		logs.forEach((log) -> {
			this.declaration.partitions().assigned(log);
			rewinding().assigned(log);
		});
		this.due.set(this.declaration.alsoWithoutRecords());
	}

	/**
	 * Makes the call without records if it is due. A failure leaves it due.
	 * @param call calls this function
	 */
	void callWithoutRecords(java.util.function.Consumer<BatchFunction> call) {
		if (this.due.compareAndSet(true, false)) {
			try {
				call.accept(this);
				this.progress.goesOn();
			}
			catch (RuntimeException ex) {
				this.due.set(true);
				this.progress.stuck(ex);
				log.warn("{} failed without records and will be called again.", this.name, ex);
			}
		}
	}

	/**
	 * Whether only some records are the matter, so that the batch comes again at once,
	 * without them: dead letters, or what was emitted, are not taken by their topics.
	 */
	private boolean refused(List<RawRecord> records, Throwable cause) {
		if (cause instanceof DeadLettersRefusedException refused) {
			stalled(this.stalls.stall(this.name, refused.refusals()));
			return true;
		}
		Optional<Throwable> refusal = Faults.refusal(cause);
		if (records.isEmpty() || refusal.isEmpty()) {
			return false;
		}
		byte[] value = records.getFirst().value();
		refused(records.size(), records.getFirst().position(), (value != null) ? value.length : 0, refusal.get());
		return true;
	}

	/**
	 * A topic does not take what became of some records.
	 * @param records how many there were
	 * @param first where the first one lies
	 * @param size the bytes of its value
	 * @param cause why
	 */
	void refused(int records, Position first, long size, Throwable cause) {
		String topics = String.join(", ", this.declaration.outputs().stream().map(Topic::name).toList());
		stalled(this.stalls.search(this.name, records,
				new DeadLettersRefusedException.Refusal(first, size, topics, String.valueOf(cause))));
	}

	private void stalled(int partitions) {
		for (int more = partitions; more > 0; more--) {
			this.metrics.stalled(this.name);
		}
	}

	private BatchFailedException failed(List<RawRecord> records, Optional<Consumer<?, ?>> consumer,
			RuntimeException cause) {
		Map<TopicPartition, Long> back = Map.of();
		try {
			back = consumer.map(rewinding()::failed).orElse(Map.of());
		}
		catch (KafkaException ex) {
			cause.addSuppressed(ex);
		}
		if (!back.isEmpty()) {
			this.metrics.failed(this.name);
		}
		else if (this.progress.failed(first(records), cause)) {
			log.warn("{} failed and will be retried with the same {} records.", this.name, records.size(), cause);
		}
		return new BatchFailedException(this.name, cause, back);
	}

	/**
	 * Tells up to where everything is processed, unless the function has to go back.
	 * @param consumer the consumer, on whose thread this is called
	 * @param positions the offset after the last record, for partitions that were polled
	 * @param remaining how many records are known to follow, where that is known
	 */
	void tellReached(Consumer<?, ?> consumer, Map<TopicPartition, Long> positions,
			Map<TopicPartition, Long> remaining) {
		Map<TopicPartition, Long> back = rewinding().reached(consumer, positions);
		PartitionListener partitions = this.declaration.partitions();
		back.forEach((partition, offset) -> partitions.reached(partition.topic(), partition.partition(), offset,
				consumer.currentLag(partition).orElse(Long.MAX_VALUE)));
		positions.forEach((partition, offset) -> {
			if (!back.containsKey(partition) && remaining.containsKey(partition)) {
				partitions.reached(partition.topic(), partition.partition(), offset, remaining.get(partition));
			}
		});
	}

	private static Map<TopicPartition, Long> first(List<RawRecord> records) {
		Map<TopicPartition, Long> first = new HashMap<>();
		records.forEach(
				(record) -> first.merge(new TopicPartition(record.position().topic(), record.position().partition()),
						record.position().offset(), Math::min));
		return first;
	}

	private void tellPolled(Map<TopicPartition, Long> first, Map<TopicPartition, Long> next) {
		first.forEach((partition, offset) -> this.declaration.partitions()
			.polled(partition.topic(), partition.partition(), offset, next.get(partition)));
	}

	private static Map<TopicPartition, Long> next(List<RawRecord> records) {
		Map<TopicPartition, Long> next = new HashMap<>();
		records
			.forEach((record) -> next.put(new TopicPartition(record.position().topic(), record.position().partition()),
					record.position().offset() + 1));
		return next;
	}

	@SuppressWarnings("unchecked")
	private static Map<TopicPartition, Long> remaining(Message<?> message) {
		Object remaining = message.getHeaders().get(RawRecordConverter.REMAINING);
		return (remaining != null) ? (Map<TopicPartition, Long>) remaining : Map.of();
	}

	private static Optional<Consumer<?, ?>> consumer(Message<?> message) {
		return (message.getHeaders().get(KafkaHeaders.CONSUMER) instanceof Consumer<?, ?> consumer)
				? Optional.of(consumer) : Optional.empty();
	}

	/**
	 * What brings the function back when its store has lost something.
	 * @return the rewinding
	 */
	Rewinding rewinding() {
		return new Rewinding(this.declaration.rewind());
	}

	/**
	 * Lets a replay look around before the next poll.
	 * @param consumer the consumer, on whose thread this is called
	 */
	void tellBetween(Consumer<?, ?> consumer) {
		Replay replay = this.declaration.replay();
		if (replay != null) {
			ConsumerPartitionLog.of(consumer, consumer.assignment()).forEach(replay::between);
		}
	}

	/**
	 * How the function gets on.
	 * @return what it tries again, and where it stands
	 */
	FunctionProgress progress() {
		return this.progress;
	}

	/**
	 * Why a batch is retried.
	 * @return the cause, or {@code null} when none is
	 */
	@Nullable Throwable failure() {
		return this.progress.retry().map(Retries.Retry::cause).orElse(null);
	}

	/**
	 * What is known of a function before it runs.
	 *
	 * @param inputs the topics that it consumes
	 * @param outputs the topics that it may emit to
	 * @param interval the least time between two polls
	 * @param alsoWithoutRecords whether it is called once after each assignment, too
	 * @param partitions hears about its partitions
	 * @param rewind says when to go back
	 * @param replay reads the records, when the function is a replay
	 */
	record Declaration(List<Topic<?>> inputs, List<Topic<?>> outputs, Duration interval, boolean alsoWithoutRecords,
			PartitionListener partitions, Rewind rewind, @Nullable Replay replay) {

		/**
		 * Whether records and offsets are one transaction: so for all that write a
		 * compacted topic.
		 * @return whether one of the outputs is compacted
		 */
		boolean isTransactional() {
			return this.outputs.stream().anyMatch(Topic::isCompacted);
		}

	}

}
