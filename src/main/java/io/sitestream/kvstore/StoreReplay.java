package io.sitestream.kvstore;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import io.sitestream.platform.PartitionLog;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.Replay;
import io.sitestream.platform.TopicIdentity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a store's topic. The end offsets are captured when a partition is assigned for
 * the first time and never move, so a topic that is written without pause is read to its
 * end all the same. The position comes from the consumer, too: a tail that was compacted
 * away, or that is the marker of a transaction, brings no record.
 * <p>
 * A checkpoint lets the first assignment seek behind it. Whatever could make the state
 * differ from what a full replay gives leads to a full replay, during which the store is
 * not ready: a topic made anew, a truncated log, and an absence from the end that was
 * longer than half of {@code delete.retention.ms}, after which a tombstone may have come
 * and gone unseen.
 */
final class StoreReplay implements Replay {

	private static final Logger log = LoggerFactory.getLogger(StoreReplay.class);

	/** The end is looked at only now and then: a shorter absence is none. */
	private static final Duration SHORTEST_ABSENCE = Duration.ofMinutes(1);

	private final String store;

	private final int partitions;

	private final StoreContents<?> contents;

	private final Progress progress;

	private final Clock clock;

	private final Supplier<Optional<TopicIdentity>> identities;

	private final Optional<CheckpointFile> file;

	/** Keeps a checkpoint, which another thread takes, from seeing half a batch. */
	private final Lock reading = new ReentrantLock();

	private final Bookmarks bookmarks = new Bookmarks();

	private final AtomicLong taken = new AtomicLong();

	private @Nullable TopicIdentity identity;

	private Instant identified = Instant.MIN;

	private @Nullable Instant began;

	/** Everything that was in the topic at this time has been read. */
	private @Nullable Instant current;

	/** Whether a checkpoint was the beginning of what is being read. */
	private boolean resumed;

	/** Whether a poll brought nothing since {@link #settle} was here. */
	private boolean idle;

	/** Why what was read is not what the topic says any longer. */
	private @Nullable String fault;

	private volatile @Nullable Sighting sighting;

	private volatile boolean ready;

	StoreReplay(String store, int partitions, StoreContents<?> contents, Progress progress, Clock clock,
			Supplier<Optional<TopicIdentity>> identities, Optional<CheckpointFile> file) {
		this.store = store;
		this.partitions = partitions;
		this.contents = contents;
		this.progress = progress;
		this.clock = clock;
		this.identities = identities;
		this.file = file;
	}

	boolean isReady() {
		return this.ready;
	}

	/**
	 * How many records were taken from the topic since the start, those of checkpoints
	 * not counted.
	 * @return the number
	 */
	long taken() {
		return this.taken.get();
	}

	/**
	 * Hears from any thread how the topic looks.
	 * @param seen the newest look at it
	 */
	void see(Sighting seen) {
		this.sighting = seen;
	}

	/**
	 * What can be gone on from later. Safe to call from any thread.
	 * @param topic the topic's full name
	 * @return a checkpoint, or nothing as long as the topic has not been read to its end,
	 * or its id is not known
	 */
	Optional<Checkpoint> checkpoint(String topic) {
		this.reading.lock();
		try {
			if (!this.ready || this.fault != null || this.identity == null || this.current == null) {
				return Optional.empty();
			}
			return Optional.of(new Checkpoint(topic, this.identity.id(), this.contents.codec().name(), this.current,
					this.bookmarks.all(), this.contents.records()));
		}
		finally {
			this.reading.unlock();
		}
	}

	@Override
	public void assigned(PartitionLog partitionLog) {
		this.reading.lock();
		try {
			Instant now = this.clock.instant();
			this.identities.get().ifPresent((found) -> recognise(found, now));
			this.bookmarks.outside(partitionLog).ifPresent((reason) -> this.fault = reason);
			if (this.fault == null) {
				boolean first = this.began == null;
				this.began = first ? now : this.began;
				this.bookmarks.captureEnds(partitionLog);
				if (first) {
					resume(partitionLog);
				}
				this.bookmarks.seek(partitionLog);
			}
			settle(partitionLog);
		}
		finally {
			this.reading.unlock();
		}
	}

	@Override
	public void on(List<RawRecord> records) {
		this.reading.lock();
		try {
			for (RawRecord record : records) {
				if (this.fault == null && this.bookmarks.isAssigned(record)) {
					take(record);
				}
			}
			this.taken.addAndGet(records.size());
		}
		finally {
			this.reading.unlock();
		}
	}

	private void take(RawRecord record) {
		if (this.bookmarks.isNew(record)) {
			this.contents.apply(record, !this.ready && this.bookmarks.isBeforeEnd(record));
			this.bookmarks.passed(record);
		}
		else {
			this.bookmarks.replacement(record).ifPresent((reason) -> this.fault = reason);
		}
	}

	@Override
	public void idle(String topic, int partition, long position) {
		this.reading.lock();
		try {
			this.bookmarks.passedUpTo(partition, position);
			this.idle = true;
		}
		finally {
			this.reading.unlock();
		}
	}

	@Override
	public void between(PartitionLog partitionLog) {
		this.reading.lock();
		try {
			settle(partitionLog);
		}
		finally {
			this.reading.unlock();
		}
	}

	private void settle(PartitionLog partitionLog) {
		Sighting seen = this.sighting;
		if (seen != null) {
			recognise(seen.topic(), seen.at());
		}
		if (this.fault == null && this.bookmarks.areAheadOf(partitionLog)) {
			this.bookmarks.outside(partitionLog).ifPresent((reason) -> this.fault = reason);
		}
		if (this.idle && !this.ready) {
			this.bookmarks.lowerEnds(partitionLog);
		}
		this.idle = false;
		if (this.fault == null && this.bookmarks.isAtEnd(this.partitions)) {
			atEnd(partitionLog.topic(), seen);
		}
		if (this.fault != null) {
			startOver(partitionLog, this.fault);
		}
		this.progress.moveTo(this.bookmarks.positions());
	}

	private void atEnd(String topic, @Nullable Sighting seen) {
		if (!this.ready) {
			if (!this.resumed || !wasAway(Duration.ZERO)) {
				ready(topic);
			}
		}
		else if (seen != null && (this.current == null || seen.at().isAfter(this.current))
				&& this.bookmarks.havePassed(seen.ends()) && !wasAway(SHORTEST_ABSENCE)) {
			this.current = seen.at();
		}
	}

	private void ready(String topic) {
		this.current = this.began;
		this.contents.endReload(topic);
		this.ready = true;
		log.info("{}: read to end, {} entries, {} records{}, {} ms", this.store, this.contents.entries().size(),
				this.taken, this.resumed ? " behind a checkpoint" : "",
				(this.began != null) ? Duration.between(this.began, this.clock.instant()).toMillis() : 0);
	}

	private boolean wasAway(Duration atLeast) {
		if (this.current == null || this.identity == null) {
			return false;
		}
		Duration away = Duration.between(this.current, this.clock.instant());
		Duration half = this.identity.deleteRetention().dividedBy(2);
		if (away.compareTo(half) <= 0 || away.compareTo(atLeast) <= 0) {
			return false;
		}
		this.fault = "The end was last reached %s ago, which is more than %s, half of the topic's delete.retention.ms: removals may have been missed."
			.formatted(away, half);
		return true;
	}

	private void recognise(TopicIdentity found, Instant at) {
		if (at.isBefore(this.identified)) {
			return;
		}
		if (this.identity != null && !this.identity.id().equals(found.id())) {
			this.fault = "The topic was made anew: its id was %s and is %s.".formatted(this.identity.id(), found.id());
		}
		this.identity = found;
		this.identified = at;
	}

	private void resume(PartitionLog partitionLog) {
		this.file
			.flatMap((found) -> found.readFor(this.store, partitionLog, this.identity, this.contents.codec().name()))
			.ifPresent((checkpoint) -> {
				checkpoint.records().forEach((record) -> this.contents.apply(record.raw(checkpoint.topic()), true));
				this.bookmarks.goOnAt(checkpoint.bookmarks());
				this.current = checkpoint.current();
				this.resumed = true;
			});
	}

	private void startOver(PartitionLog partitionLog, String reason) {
		log.warn("{}: {}{} Reading topic '{}' from its beginning.", this.store,
				(!this.ready && this.resumed) ? "Its checkpoint is refused. " : "", reason, partitionLog.topic());
		this.ready = false;
		this.fault = null;
		this.resumed = false;
		this.current = null;
		this.began = this.clock.instant();
		this.contents.beginReload();
		this.bookmarks.clear();
		this.bookmarks.captureEnds(partitionLog);
		this.bookmarks.seek(partitionLog);
		if (this.bookmarks.isAtEnd(this.partitions)) {
			ready(partitionLog.topic());
		}
	}

}
