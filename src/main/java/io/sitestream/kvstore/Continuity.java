package io.sitestream.kvstore;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import io.sitestream.platform.TopicIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Whether what was read is still what the topic says. It is not when the topic was made
 * anew, when its log was truncated, and when the end was not reached for longer than half
 * of {@code delete.retention.ms}: a tombstone may have come and gone unseen. Once broken,
 * it stays so until {@link #beginAnew}.
 */
final class Continuity {

	/** The end is looked at only now and then: a shorter absence is none. */
	private static final Duration SHORTEST_ABSENCE = Duration.ofMinutes(1);

	private final Clock clock;

	/** Asked for by other threads, too. */
	private volatile @Nullable TopicIdentity identity;

	private Instant identified = Instant.MIN;

	/** Everything that was in the topic at this time has been read. */
	private @Nullable Instant current;

	private @Nullable String fault;

	Continuity(Clock clock) {
		this.clock = clock;
	}

	/**
	 * Why what was read is not what the topic says any longer.
	 * @return the reason, or {@code null} if it is
	 */
	@Nullable String fault() {
		return this.fault;
	}

	boolean isBroken() {
		return this.fault != null;
	}

	void breaks(String reason) {
		this.fault = reason;
	}

	void beginAnew() {
		this.fault = null;
		this.current = null;
	}

	Optional<TopicIdentity> identity() {
		return Optional.ofNullable(this.identity);
	}

	/**
	 * Everything that was in the topic at this time has been read.
	 * @return the time, or nothing as long as the end was not reached
	 */
	Optional<Instant> current() {
		return Optional.ofNullable(this.current);
	}

	void isCurrentAt(@Nullable Instant time) {
		this.current = time;
	}

	/**
	 * Hears which topic it is. What was seen before the last time counts no more.
	 * @param found the topic
	 * @param at when it was asked
	 */
	void recognise(TopicIdentity found, Instant at) {
		if (at.isBefore(this.identified)) {
			return;
		}
		if (this.identity != null && !this.identity.id().equals(found.id())) {
			breaks("The topic was made anew: its id was %s and is %s.".formatted(this.identity.id(), found.id()));
		}
		this.identity = found;
		this.identified = at;
	}

	/**
	 * The end of a look at the topic has been passed. After too long an absence that
	 * breaks the continuity instead.
	 * @param at when the topic ended there
	 */
	void reachedEndOf(Instant at) {
		if ((this.current == null || at.isAfter(this.current)) && bridgesAbsence()) {
			this.current = at;
		}
	}

	/**
	 * Whether no removal can have been missed since the end was last reached, however
	 * short the retention is. Breaks if one can.
	 * @return whether one may go on
	 */
	boolean bridgesAnyAbsence() {
		return bridges(Duration.ZERO);
	}

	/**
	 * The same for a store that runs, whose end is looked at only now and then.
	 * @return whether one may go on
	 */
	boolean bridgesAbsence() {
		return bridges(SHORTEST_ABSENCE);
	}

	private boolean bridges(Duration shortest) {
		if (this.current == null || this.identity == null) {
			return true;
		}
		Duration away = Duration.between(this.current, this.clock.instant());
		Duration half = this.identity.deleteRetention().dividedBy(2);
		if (away.compareTo(half) <= 0 || away.compareTo(shortest) <= 0) {
			return true;
		}
		breaks("The end was last reached %s ago, which is more than %s, half of the topic's delete.retention.ms: removals may have been missed."
			.formatted(away, half));
		return false;
	}

}
