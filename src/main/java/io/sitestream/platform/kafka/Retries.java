package io.sitestream.platform.kafka;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.kafka.common.TopicPartition;

/**
 * What a function tries again, why, and since when. A partition whose batch failed counts
 * as failing until something behind that batch's first record is known to be through,
 * whichever thread works on others meanwhile. Safe for use by several threads.
 */
final class Retries {

	/** For what concerns no partition. */
	private static final TopicPartition CONSUMER = new TopicPartition("", 0);

	private final Map<TopicPartition, Retry> retries = new ConcurrentHashMap<>();

	/** Of partitions that have left, and may come again as they were. */
	private final Map<TopicPartition, Retry> left = new ConcurrentHashMap<>();

	/**
	 * A batch failed.
	 * @param first where it begins in each partition
	 * @param cause why
	 * @param at when
	 * @return whether that is news, and not the same again
	 */
	boolean failed(Map<TopicPartition, Long> first, Throwable cause, Instant at) {
		boolean news = false;
		for (Map.Entry<TopicPartition, Long> entry : first.entrySet()) {
			Retry before = this.retries.get(entry.getKey());
			this.retries.put(entry.getKey(), (before != null) ? before.again(entry.getValue(), cause)
					: new Retry(entry.getKey() + "@" + entry.getValue(), entry.getValue(), cause, at));
			news |= before == null || !before.cause().toString().equals(cause.toString());
		}
		return news;
	}

	/**
	 * The consumer failed outside of any batch, or a call without records did.
	 * @param cause why
	 * @param at when
	 */
	void failed(Throwable cause, Instant at) {
		this.retries.merge(CONSUMER, new Retry("", 0, cause, at), (before, now) -> before.again(0, cause));
	}

	/**
	 * The consumer has ended. What failed before says why.
	 * @param cause why, as far as is known
	 * @param at when
	 */
	void ended(Throwable cause, Instant at) {
		this.retries.putIfAbsent(CONSUMER, new Retry("", 0, cause, at));
	}

	/**
	 * The consumer goes on, whatever its batches do.
	 * @return whether it had failed and nothing is failing any longer
	 */
	boolean goesOn() {
		return this.retries.remove(CONSUMER) != null && this.retries.isEmpty();
	}

	/**
	 * Everything before some positions is through.
	 * @param positions the positions
	 * @return whether something was failing and nothing is any longer
	 */
	boolean passed(Map<TopicPartition, Long> positions) {
		boolean changed = this.retries.remove(CONSUMER) != null;
		for (Map.Entry<TopicPartition, Long> entry : positions.entrySet()) {
			Retry retry = this.retries.get(entry.getKey());
			changed |= retry != null && entry.getValue() > retry.offset() && this.retries.remove(entry.getKey(), retry);
		}
		return changed && this.retries.isEmpty();
	}

	/**
	 * Partitions went to somebody else, who has to process them now, and to make the
	 * calls without records. What ended the consumer stays.
	 * @param partitions the partitions
	 */
	void left(Collection<TopicPartition> partitions) {
		move(partitions, this.retries, this.left);
		this.retries.computeIfPresent(CONSUMER, (consumer, retry) -> (retry.cause() instanceof Error) ? retry : null);
	}

	/**
	 * Partitions came, maybe again: the next batch shows whether somebody else was
	 * through meanwhile.
	 * @param partitions the partitions
	 */
	void came(Collection<TopicPartition> partitions) {
		move(partitions, this.left, this.retries);
	}

	private static void move(Collection<TopicPartition> partitions, Map<TopicPartition, Retry> from,
			Map<TopicPartition, Retry> to) {
		partitions.forEach((partition) -> {
			Retry retry = from.remove(partition);
			if (retry != null) {
				to.put(partition, retry);
			}
		});
	}

	/**
	 * What has been failing for the longest time.
	 * @return nothing if nothing does
	 */
	Optional<Retry> oldest() {
		return this.retries.values().stream().min(Comparator.comparing(Retry::since));
	}

	/**
	 * Something that is tried again.
	 *
	 * @param position the first record, as {@code sites-0@12}, or empty
	 * @param offset its offset
	 * @param cause why it failed the last time
	 * @param since when it failed first
	 */
	record Retry(String position, long offset, Throwable cause, Instant since) {

		Retry again(long first, Throwable cause) {
			return new Retry(this.position, Math.max(this.offset, first), cause, this.since);
		}

	}

}
