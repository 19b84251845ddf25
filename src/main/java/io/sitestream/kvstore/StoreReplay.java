package io.sitestream.kvstore;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
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
 * <p>
 * Calls exclude each other, so that a checkpoint, which another thread takes, never sees
 * half a batch.
 */
final class StoreReplay implements Replay {

	private static final Logger log = LoggerFactory.getLogger(StoreReplay.class);

	private final String store;

	private final int partitions;

	private final StoreContents<?> contents;

	private final Progress progress;

	private final Clock clock;

	private final Supplier<Optional<TopicIdentity>> identities;

	private final Optional<CheckpointFile> file;

	private final Bookmarks bookmarks = new Bookmarks();

	private final AtomicLong taken = new AtomicLong();

	private final Continuity continuity;

	private @Nullable Instant began;

	/** Whether a checkpoint was the beginning of what is being read. */
	private boolean resumed;

	/** Whether a poll brought nothing since {@link #settle} was here. */
	private boolean idle;

	private volatile @Nullable Sighting sighting;

	/** How often the topic was begun to be read. */
	private long readings = 1;

	/** Which reading has been read to its end, or 0. */
	private volatile long shown;

	private final Feed feed = new Feed();

	StoreReplay(String store, int partitions, StoreContents<?> contents, Progress progress, Clock clock,
			Supplier<Optional<TopicIdentity>> identities, Optional<CheckpointFile> file) {
		this.store = store;
		this.partitions = partitions;
		this.contents = contents;
		this.progress = progress;
		this.clock = clock;
		this.continuity = new Continuity(clock);
		this.identities = identities;
		this.file = file;
	}

	boolean isReady() {
		return shown() > 0;
	}

	/**
	 * Which reading of the topic is shown.
	 * @return its number, from 1, or 0 as long as the topic is being read, or is not read
	 * at all
	 */
	long shown() {
		return this.feed.isCurrent() ? this.shown : 0;
	}

	/**
	 * Whether the function that feeds the store runs. Kafka may be away all the same.
	 * @return whether records come
	 */
	boolean isFollowing() {
		return this.feed.isRunning();
	}

	private boolean isReadToEnd() {
		return this.shown > 0;
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
	 * Which topic is being read. Safe to call from any thread.
	 * @return the id that Kafka gave it, as far as it is known
	 */
	Optional<String> topicId() {
		return this.continuity.identity().map(TopicIdentity::id);
	}

	/**
	 * Hears from any thread how the topic looks.
	 * @param seen the newest look at it
	 */
	void see(Sighting seen) {
		this.sighting = seen;
	}

	/**
	 * What can be gone on from later.
	 * @param topic the topic's full name
	 * @return a checkpoint, or nothing as long as the topic has not been read to its end,
	 * or its id is not known
	 */
	synchronized Optional<Checkpoint> checkpoint(String topic) {
		if (!isReadToEnd() || this.continuity.isBroken()) {
			return Optional.empty();
		}
		return this.continuity.identity()
			.flatMap((identity) -> this.continuity.current()
				.map((current) -> new Checkpoint(topic, identity.id(), this.contents.codec().name(), current,
						this.bookmarks.all(), this.contents.records())));
	}

	@Override
	public void fedWhile(BooleanSupplier feeding) {
		this.feed.runsWhile(feeding);
	}

	@Override
	public Map<Integer, Long> positions() {
		return this.progress.positions();
	}

	@Override
	public synchronized void interrupted() {
		if (isReadToEnd()) {
			this.feed.interrupted();
		}
	}

	@Override
	public synchronized void assigned(PartitionLog partitionLog) {
		Instant now = this.clock.instant();
		this.identities.get().ifPresent((found) -> this.continuity.recognise(found, now));
		this.bookmarks.outside(partitionLog).ifPresent(this.continuity::breaks);
		if (!this.continuity.isBroken()) {
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

	@Override
	public synchronized void on(List<RawRecord> records) {
		for (StoreContents.Change change : this.contents.read(records)) {
			if (!this.continuity.isBroken() && this.bookmarks.isAssigned(change.record())) {
				take(change);
			}
		}
		this.taken.addAndGet(records.size());
	}

	private void take(StoreContents.Change change) {
		RawRecord record = change.record();
		if (this.bookmarks.isNew(record)) {
			change.apply(!isReadToEnd() && this.bookmarks.isBeforeEnd(record));
			this.bookmarks.passed(record);
		}
		else {
			this.bookmarks.replacement(record).ifPresent(this.continuity::breaks);
		}
	}

	@Override
	public synchronized void idle(String topic, int partition, long position) {
		this.bookmarks.passedUpTo(partition, position);
		this.idle = true;
	}

	@Override
	public synchronized void between(PartitionLog partitionLog) {
		settle(partitionLog);
	}

	private void settle(PartitionLog partitionLog) {
		Sighting seen = this.sighting;
		if (seen != null) {
			this.continuity.recognise(seen.topic(), seen.at());
		}
		if (!this.continuity.isBroken() && this.bookmarks.areAheadOf(partitionLog)) {
			this.bookmarks.outside(partitionLog).ifPresent(this.continuity::breaks);
		}
		this.feed.goOn(this.bookmarks, partitionLog, this.clock);
		if (this.idle && (!isReadToEnd() || this.feed.isBehind())) {
			this.bookmarks.lowerEnds(partitionLog);
		}
		this.idle = false;
		if (!this.continuity.isBroken() && this.bookmarks.isAtEnd(this.partitions)) {
			atEnd(partitionLog.topic(), seen);
		}
		String fault = this.continuity.fault();
		if (fault != null) {
			startOver(partitionLog, fault);
		}
		this.progress.moveTo(this.bookmarks.positions());
	}

	private void atEnd(String topic, @Nullable Sighting seen) {
		if (!isReadToEnd()) {
			if (!this.resumed || this.continuity.bridgesAnyAbsence()) {
				ready(topic);
			}
		}
		else if (this.feed.isBehind()) {
			if (this.feed.hasGoneOn() && this.continuity.bridgesAbsence()) {
				this.continuity.isCurrentAt(this.feed.caughtUp());
				log.info("{}: went on and read to end, {} entries", this.store, this.contents.entries().size());
			}
		}
		else if (seen != null && this.bookmarks.havePassed(seen.ends())) {
			this.continuity.reachedEndOf(seen.at());
		}
	}

	private void ready(String topic) {
		this.continuity.isCurrentAt(this.began);
		this.contents.endReload(topic);
		this.shown = this.readings;
		log.info("{}: read to end, {} entries, {} records{}, {} ms", this.store, this.contents.entries().size(),
				this.taken, this.resumed ? " behind a checkpoint" : "",
				(this.began != null) ? Duration.between(this.began, this.clock.instant()).toMillis() : 0);
	}

	private void resume(PartitionLog partitionLog) {
		this.file
			.flatMap((found) -> found.readFor(this.store, partitionLog, this.continuity.identity().orElse(null),
					this.contents.codec().name()))
			.ifPresent((checkpoint) -> {
				this.contents
					.read(checkpoint.records().stream().map((record) -> record.raw(checkpoint.topic())).toList())
					.forEach((change) -> change.apply(true));
				this.bookmarks.goOnAt(checkpoint.bookmarks());
				this.continuity.isCurrentAt(checkpoint.current());
				this.resumed = true;
			});
	}

	private void startOver(PartitionLog partitionLog, String reason) {
		log.warn("{}: {}{} Reading topic '{}' from its beginning.", this.store,
				(!isReadToEnd() && this.resumed) ? "Its checkpoint is refused. " : "", reason, partitionLog.topic());
		this.shown = 0;
		this.feed.beginAnew();
		this.readings++;
		this.resumed = false;
		this.continuity.beginAnew();
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
