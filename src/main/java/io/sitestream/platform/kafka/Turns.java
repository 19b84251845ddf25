package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is at one consumer: after each try of a stalled record comes a poll of
 * all the others. Used by the consumer's thread alone.
 */
final class Turns {

	/** What was paused at a stalled record, and by nobody else. */
	private final Set<TopicPartition> paused = new HashSet<>();

	private @Nullable TopicPartition trying;

	private long begun;

	private boolean othersFirst;

	Set<TopicPartition> paused() {
		return this.paused;
	}

	void begin(TopicPartition partition) {
		this.trying = partition;
		this.begun = System.nanoTime();
	}

	/**
	 * Ends a try if one is under way: it is the others' turn.
	 * @return the partition that was tried, or {@code null}
	 */
	@Nullable TopicPartition end() {
		TopicPartition tried = this.trying;
		this.trying = null;
		this.othersFirst |= tried != null;
		return tried;
	}

	/**
	 * How long ago the last try began.
	 * @return the time since
	 */
	Duration took() {
		return Duration.ofNanos(System.nanoTime() - this.begun);
	}

	boolean isOthers() {
		return this.othersFirst;
	}

	/** The others had their turn, or there are none. */
	void othersHadTheirs() {
		this.othersFirst = false;
	}

}
