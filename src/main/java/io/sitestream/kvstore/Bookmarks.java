package io.sitestream.kvstore;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

import io.sitestream.platform.PartitionLog;
import io.sitestream.platform.RawRecord;

/**
 * How far the partitions of a topic were read, and the ends that count as the end of the
 * first reading: they are captured once and never move.
 */
final class Bookmarks {

	private final Map<Integer, Bookmark> bookmarks = new TreeMap<>();

	private final Map<Integer, Long> ends = new TreeMap<>();

	Map<Integer, Bookmark> all() {
		return new TreeMap<>(this.bookmarks);
	}

	/**
	 * For each partition the offset that will be read next.
	 * @return the offsets
	 */
	Map<Integer, Long> positions() {
		Map<Integer, Long> positions = new TreeMap<>();
		this.bookmarks.forEach((partition, bookmark) -> positions.put(partition, bookmark.offset()));
		return positions;
	}

	void clear() {
		this.bookmarks.clear();
		this.ends.clear();
	}

	void goOnAt(Map<Integer, Bookmark> bookmarks) {
		this.bookmarks.putAll(bookmarks);
	}

	void captureEnds(PartitionLog log) {
		log.partitions().forEach((partition) -> this.ends.putIfAbsent(partition, log.endOffset(partition)));
	}

	void captureEndsAnew(PartitionLog log) {
		this.ends.clear();
		captureEnds(log);
	}

	/**
	 * Gives up waiting for records that the log lost before they were read: another
	 * leader's log may end earlier than the one whose end was captured.
	 * @param log the partitions
	 */
	void lowerEnds(PartitionLog log) {
		log.partitions()
			.forEach((partition) -> this.ends.computeIfPresent(partition,
					(number, end) -> Math.min(end, log.endOffset(number))));
	}

	/**
	 * Seeks to where the partitions were left, or to their beginnings.
	 * @param log the partitions
	 */
	void seek(PartitionLog log) {
		for (int partition : log.partitions()) {
			Bookmark bookmark = this.bookmarks.computeIfAbsent(partition,
					(number) -> new Bookmark(log.beginningOffset(number), -1));
			log.seek(partition, bookmark.offset(), bookmark.leaderEpoch());
		}
	}

	boolean isAssigned(RawRecord record) {
		return this.bookmarks.containsKey(record.position().partition());
	}

	boolean isNew(RawRecord record) {
		return record.position().offset() >= of(record).offset();
	}

	/**
	 * Whether a record that is not new has replaced one that was read.
	 * @param record the record
	 * @return what that means, if it has
	 */
	Optional<String> replacement(RawRecord record) {
		Bookmark bookmark = of(record);
		if (bookmark.leaderEpoch() < 0 || record.leaderEpoch() <= bookmark.leaderEpoch()) {
			return Optional.empty();
		}
		return Optional
			.of("Partition %d was read up to offset %d of leader epoch %d, but epoch %d wrote offset %d anew: it was truncated."
				.formatted(record.position().partition(), bookmark.offset(), bookmark.leaderEpoch(),
						record.leaderEpoch(), record.position().offset()));
	}

	void passed(RawRecord record) {
		this.bookmarks.put(record.position().partition(),
				new Bookmark(record.position().offset() + 1, record.leaderEpoch()));
	}

	/**
	 * The consumer stands at a position, maybe behind offsets that bring no record.
	 * @param partition the partition
	 * @param position the offset that it will read next
	 */
	void passedUpTo(int partition, long position) {
		this.bookmarks.computeIfPresent(partition, (number, bookmark) -> (position > bookmark.offset())
				? new Bookmark(position, bookmark.leaderEpoch()) : bookmark);
	}

	/**
	 * Whether a record belongs to the first reading.
	 * @param record the record
	 * @return whether it lies before the end that was captured
	 */
	boolean isBeforeEnd(RawRecord record) {
		Long end = this.ends.get(record.position().partition());
		return end != null && record.position().offset() < end;
	}

	boolean isAtEnd(int partitions) {
		return this.ends.size() >= partitions && havePassed(this.ends);
	}

	boolean havePassed(Map<Integer, Long> offsets) {
		return offsets.entrySet().stream().allMatch((end) -> {
			Bookmark bookmark = this.bookmarks.get(end.getKey());
			return bookmark != null && bookmark.offset() >= end.getValue();
		});
	}

	/**
	 * Whether partitions end before, or begin behind, where they were left.
	 * @param log the partitions
	 * @return what is wrong, if something is
	 */
	Optional<String> outside(PartitionLog log) {
		return outside(this.bookmarks, log);
	}

	static Optional<String> outside(Map<Integer, Bookmark> bookmarks, PartitionLog log) {
		for (Map.Entry<Integer, Bookmark> entry : bookmarks.entrySet()) {
			int partition = entry.getKey();
			long offset = entry.getValue().offset();
			if (log.partitions().contains(partition)
					&& (offset < log.beginningOffset(partition) || offset > log.endOffset(partition))) {
				return Optional.of("Partition %d was read up to offset %d, but holds %d to %d now: it was truncated."
					.formatted(partition, offset, log.beginningOffset(partition), log.endOffset(partition)));
			}
		}
		return Optional.empty();
	}

	/**
	 * Whether the consumer has gone back, which it does when its leader's log ends
	 * earlier. Costs nothing otherwise.
	 * @param log the partitions
	 * @return whether it stands before where the partitions were left
	 */
	boolean areAheadOf(PartitionLog log) {
		return this.bookmarks.entrySet()
			.stream()
			.anyMatch((entry) -> log.partitions().contains(entry.getKey())
					&& log.position(entry.getKey()) < entry.getValue().offset());
	}

	private Bookmark of(RawRecord record) {
		return Objects.requireNonNull(this.bookmarks.get(record.position().partition()));
	}

}
