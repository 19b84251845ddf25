package io.sitestream.projection;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What the records of one poll make of one key: its newest view, and every index key that
 * it had on the way or that others may have left behind.
 */
final class Change {

	private final Set<String> touched = new HashSet<>();

	private long version;

	private long offset = StoredView.UNKNOWN;

	private boolean forced;

	private byte @Nullable [] view;

	private Set<String> indexKeys = Set.of();

	void add(Projected record) {
		byte[] view = record.view();
		if (view != null) {
			put(record.version(), record.offset(), view, record.indexKeys());
		}
		else {
			remove(record.version(), record.offset(), record.isUnversioned());
		}
	}

	private void put(long version, long offset, byte[] view, Set<String> indexKeys) {
		this.touched.addAll(indexKeys);
		if (version > this.version) {
			this.version = version;
			this.offset = offset;
			this.view = view;
			this.indexKeys = indexKeys;
			this.forced = false;
		}
	}

	private void remove(long version, long offset, boolean unversioned) {
		if (unversioned || version > this.version) {
			this.version = unversioned ? this.version : version;
			this.offset = offset;
			this.view = null;
			this.indexKeys = Set.of();
			this.forced = unversioned;
		}
	}

	/**
	 * Takes what is there into account: the stored view's index keys may have to go,
	 * those that others intended too, and its version is what a tombstone without one
	 * removes.
	 * @param found what is there
	 * @param storedKeys the index keys of the stored view
	 */
	void after(Found found, Set<String> storedKeys) {
		this.touched.addAll(storedKeys);
		found.intents().forEach((intent) -> this.touched.add(intent.indexKey()));
		if (this.forced) {
			this.version = Math.max(this.version, found.version());
		}
	}

	/**
	 * Whether it comes too late: what is stored is as new, or newer. A tombstone without
	 * version may be repeated, or read by a fill, when what came after it in the log is
	 * there already: then offsets say so.
	 */
	boolean isLate(Found found) {
		return found.view() != null && (this.forced ? this.offset != StoredView.UNKNOWN && this.offset < found.offset()
				: this.version <= found.version());
	}

	long version() {
		return this.version;
	}

	StoredView stored() {
		return (this.view != null) ? new StoredView(this.version, this.offset, this.view)
				: StoredView.marker(this.version, this.offset);
	}

	boolean has(String indexKey) {
		return this.indexKeys.contains(indexKey);
	}

	/** The index keys of the newest view. */
	Set<String> indexKeys() {
		return this.indexKeys;
	}

	/** What is intended by writing it. */
	List<Intent> intents() {
		return this.indexKeys.stream().map((indexKey) -> new Intent(this.version, indexKey)).toList();
	}

	/**
	 * Every index key that was seen: those of the newest view, which are present, and all
	 * others, which are not.
	 * @return the index keys
	 */
	Set<String> touched() {
		return this.touched;
	}

}
