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

	private boolean forced;

	private byte @Nullable [] view;

	private Set<String> indexKeys = Set.of();

	void add(Projected record) {
		byte[] view = record.view();
		if (view != null) {
			put(record.version(), view, record.indexKeys());
		}
		else {
			remove(record.version(), record.isUnversioned());
		}
	}

	private void put(long version, byte[] view, Set<String> indexKeys) {
		this.touched.addAll(indexKeys);
		if (version > this.version) {
			this.version = version;
			this.view = view;
			this.indexKeys = indexKeys;
			this.forced = false;
		}
	}

	private void remove(long version, boolean unversioned) {
		if (unversioned || version > this.version) {
			this.version = unversioned ? this.version : version;
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
	 * Whether it comes too late: what is stored is as new, or newer.
	 */
	boolean isLate(Found found) {
		return this.version <= found.version() && !this.forced && found.view() != null;
	}

	long version() {
		return this.version;
	}

	StoredView stored() {
		return (this.view != null) ? new StoredView(this.version, this.view) : StoredView.marker(this.version);
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
