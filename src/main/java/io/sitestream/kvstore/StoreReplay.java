package io.sitestream.kvstore;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.sitestream.platform.PartitionLog;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.Replay;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a store's topic. The end offsets are captured when a partition is assigned for
 * the first time and never move, so a topic that is written without pause is read to its
 * end all the same. The position comes from the consumer, too: a tail that was compacted
 * away, or that is the marker of a transaction, brings no record. Everything here but
 * {@link #isReady} runs on the consumer's thread.
 */
final class StoreReplay implements Replay {

	private static final Logger log = LoggerFactory.getLogger(StoreReplay.class);

	private final String store;

	private final int partitions;

	private final StoreContents<?> contents;

	private final Progress progress;

	private final Clock clock;

	private final Map<Integer, Long> next = new TreeMap<>();

	private final Map<Integer, Long> ends = new TreeMap<>();

	private @Nullable Instant began;

	private volatile boolean ready;

	StoreReplay(String store, int partitions, StoreContents<?> contents, Progress progress, Clock clock) {
		this.store = store;
		this.partitions = partitions;
		this.contents = contents;
		this.progress = progress;
		this.clock = clock;
	}

	boolean isReady() {
		return this.ready;
	}

	@Override
	public void assigned(PartitionLog partitionLog) {
		if (partitionLog.partitions().stream().anyMatch((partition) -> isOutside(partitionLog, partition))) {
			reload(partitionLog);
		}
		if (this.began == null) {
			this.began = this.clock.instant();
		}
		for (int partition : partitionLog.partitions()) {
			this.ends.putIfAbsent(partition, partitionLog.endOffset(partition));
			long position = this.next.computeIfAbsent(partition, partitionLog::beginningOffset);
			partitionLog.seek(partition, position);
		}
		moved(partitionLog.topic());
	}

	@Override
	public void on(List<RawRecord> records) {
		for (RawRecord record : records) {
			int partition = record.position().partition();
			long offset = record.position().offset();
			if (offset >= this.next.getOrDefault(partition, 0L)) {
				this.contents.apply(record, isReplay(partition, offset));
				this.next.put(partition, offset + 1);
			}
		}
		moved(records.getFirst().position().topic());
	}

	@Override
	public void idle(String topic, int partition, long position) {
		if (position > this.next.getOrDefault(partition, 0L)) {
			this.next.put(partition, position);
			moved(topic);
		}
	}

	private void moved(String topic) {
		if (!this.ready && isAtEnd()) {
			this.contents.endReload(topic);
			this.ready = true;
			log.info("{}: read to end, {} entries, {} ms", this.store, this.contents.entries().size(),
					(this.began != null) ? Duration.between(this.began, this.clock.instant()).toMillis() : 0);
		}
		this.progress.moveTo(this.next);
	}

	private boolean isAtEnd() {
		return this.ends.size() >= this.partitions && this.ends.entrySet()
			.stream()
			.allMatch((end) -> this.next.getOrDefault(end.getKey(), 0L) >= end.getValue());
	}

	private boolean isReplay(int partition, long offset) {
		Long end = this.ends.get(partition);
		return !this.ready && end != null && offset < end;
	}

	private boolean isOutside(PartitionLog partitionLog, int partition) {
		Long position = this.next.get(partition);
		return position != null
				&& (position < partitionLog.beginningOffset(partition) || position > partitionLog.endOffset(partition));
	}

	private void reload(PartitionLog partitionLog) {
		log.warn("{}: position {} lies outside of {}, which was truncated or made anew. Reading it from the beginning.",
				this.store, this.next, partitionLog.topic());
		this.ready = false;
		this.began = null;
		this.next.clear();
		this.ends.clear();
		this.contents.beginReload();
	}

}
