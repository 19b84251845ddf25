package io.sitestream.kvstore;

import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.function.BooleanSupplier;

import io.sitestream.platform.PartitionLog;
import org.jspecify.annotations.Nullable;

/**
 * Whether records come at all, and whether some were missed: a function that was stopped
 * or paused has to read to the end that the topic has when it goes on, before its store
 * shows anything again. Questions may come from any thread, the rest from the consumer's.
 */
final class Feed {

	private volatile BooleanSupplier running = () -> true;

	private volatile boolean behind;

	/** When the ends were captured that have to be reached now. */
	private @Nullable Instant wentOn;

	void runsWhile(BooleanSupplier condition) {
		this.running = condition;
	}

	/**
	 * Whether the function runs. Kafka may be away all the same.
	 * @return whether records come
	 */
	boolean isRunning() {
		return this.running.getAsBoolean();
	}

	boolean isBehind() {
		return this.behind;
	}

	/**
	 * Whether what was read may be shown: nothing is missed, nothing was.
	 * @return whether it is current
	 */
	boolean isCurrent() {
		return !this.behind && isRunning();
	}

	void interrupted() {
		this.behind = true;
		this.wentOn = null;
	}

	/**
	 * Captures the ends anew when the function runs again. A failure leaves that to the
	 * next call.
	 * @param bookmarks keeps the ends
	 * @param log the partitions
	 * @param clock says when
	 */
	void goOn(Bookmarks bookmarks, PartitionLog log, Clock clock) {
		if (this.behind && this.wentOn == null && isRunning()) {
			Instant now = clock.instant();
			bookmarks.captureEndsAnew(log);
			this.wentOn = now;
		}
	}

	boolean hasGoneOn() {
		return this.wentOn != null;
	}

	/**
	 * The ends were reached.
	 * @return everything that was in the topic at this time has been read
	 */
	Instant caughtUp() {
		this.behind = false;
		return Objects.requireNonNull(this.wentOn);
	}

	/**
	 * The topic is read from its beginning, so nothing of it counts as missed.
	 */
	void beginAnew() {
		this.behind = false;
	}

}
