package io.sitestream.platform.kafka;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a function gets on: what it tries again and where it stands. Counts and logs what
 * fails. Safe for use by several threads.
 */
final class FunctionProgress {

	private static final Logger log = LoggerFactory.getLogger(FunctionProgress.class);

	private final Retries retries = new Retries();

	private final Places places = new Places();

	private final Supplier<String> name;

	private final FunctionMetrics metrics;

	FunctionProgress(Supplier<String> name, FunctionMetrics metrics) {
		this.name = name;
		this.metrics = metrics;
	}

	Places places() {
		return this.places;
	}

	/**
	 * What has been failing for the longest time.
	 * @return nothing if all is well
	 */
	Optional<Retries.Retry> retry() {
		return this.retries.oldest();
	}

	/**
	 * The function failed with a batch.
	 * @param first where the batch begins in each partition
	 * @param cause why
	 * @return whether that is news, and not the same again
	 */
	boolean failed(Map<TopicPartition, Long> first, Throwable cause) {
		return this.retries.failed(first, cause, this.metrics.failed(this.name.get()));
	}

	/**
	 * A batch comes again although the function was through with it, since it could not
	 * be committed, or the function was never called.
	 * @param first where it begins in each partition
	 * @param cause what the container caught
	 */
	void notKept(Map<TopicPartition, Long> first, Exception cause) {
		if (!BatchFailedException.isIn(cause) && !Faults.isRebalance(cause) && failed(first, cause)) {
			log.warn("{} has a batch that cannot be committed and comes again: {}", this.name.get(), cause.toString());
		}
	}

	/**
	 * The consumer cannot go on, or not now.
	 * @param cause why
	 */
	void stuck(Throwable cause) {
		this.retries.failed(cause, this.metrics.failed(this.name.get()));
	}

	/**
	 * The consumer has ended and does not come again by itself.
	 * @param cause why, as far as is known
	 */
	void ended(Throwable cause) {
		this.retries.ended(cause, this.metrics.failed(this.name.get()));
	}

	void goesOn() {
		if (this.retries.goesOn()) {
			log.info("{} goes on.", this.name.get());
		}
	}

	/**
	 * Everything before some positions is through, and committed.
	 * @param positions the positions
	 */
	void passed(Map<TopicPartition, Long> positions) {
		if (this.retries.passed(positions)) {
			log.info("{} goes on.", this.name.get());
		}
	}

	/**
	 * A poll brought nothing for a partition.
	 * @param partition the partition
	 * @param position the offset that will be read next
	 */
	void idle(TopicPartition partition, long position) {
		this.places.idle(partition, position);
		passed(Map.of(partition, position));
	}

	void came(Collection<TopicPartition> partitions) {
		this.retries.came(partitions);
		this.places.came(partitions);
	}

	void left(Collection<TopicPartition> partitions) {
		this.retries.left(partitions);
		this.places.left(partitions);
	}

}
