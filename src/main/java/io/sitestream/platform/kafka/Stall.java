package io.sitestream.platform.kafka;

import java.time.Duration;

import io.sitestream.platform.kafka.DeadLettersRefusedException.Refusal;

/**
 * A stalled partition.
 *
 * @param refusal the record, and why it is not kept
 * @param pause how long from the end of a try until the next one
 * @param due when that is, in nanoseconds
 * @param underWay whether it is being tried
 */
record Stall(Refusal refusal, Duration pause, long due, boolean underWay) {

	private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

	/** A try may block until a delivery times out: others get most of the time. */
	private static final int SHARE = 4;

	static Stall at(Refusal refusal) {
		return new Stall(refusal, FIRST_PAUSE, later(FIRST_PAUSE), false);
	}

	long offset() {
		return this.refusal.position().offset();
	}

	boolean isDue() {
		return System.nanoTime() - this.due >= 0;
	}

	Stall again(Refusal why) {
		return new Stall(why, this.pause, later(this.pause), false);
	}

	/** Whatever comes of it, the next try is later. */
	Stall tried() {
		Duration longer = this.pause.multipliedBy(2);
		Duration next = (longer.compareTo(LONGEST_PAUSE) < 0) ? longer : LONGEST_PAUSE;
		return new Stall(this.refusal, next, later(next), true);
	}

	/**
	 * A try has ended.
	 * @param took how long it took
	 * @return the stall, whose pause begins now and is as long as the try is costly
	 */
	Stall ended(Duration took) {
		Duration least = took.multipliedBy(SHARE);
		return new Stall(this.refusal, this.pause, later((least.compareTo(this.pause) > 0) ? least : this.pause),
				this.underWay);
	}

	private static long later(Duration pause) {
		return System.nanoTime() + pause.toNanos();
	}

}
