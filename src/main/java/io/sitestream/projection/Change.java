package io.sitestream.projection;

import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What the records of one poll make of one key: its newest view, and every index key that
 * it had on the way.
 */
final class Change {

	private final Set<String> touched = new HashSet<>();

	private long version;

	private boolean forced;

	private byte @Nullable [] view;

	private Set<String> indexKeys = Set.of();

	void put(long version, byte[] view, Set<String> indexKeys) {
		this.touched.addAll(indexKeys);
		if (version > this.version) {
			this.version = version;
			this.view = view;
			this.indexKeys = indexKeys;
			this.forced = false;
		}
	}

	/**
	 * Removes the view.
	 * @param version the tombstone's version, or {@code null} when it removes whatever is
	 * there
	 */
	void remove(@Nullable Long version) {
		if (version == null || version > this.version) {
			this.version = (version != null) ? version : this.version;
			this.view = null;
			this.indexKeys = Set.of();
			this.forced = version == null;
		}
	}

	/**
	 * Takes what is stored into account: its index keys may have to go, and its version
	 * is what a tombstone without one removes.
	 * @param stored the stored view
	 * @param storedKeys its index keys
	 */
	void after(StoredView stored, Set<String> storedKeys) {
		this.touched.addAll(storedKeys);
		if (this.forced) {
			this.version = Math.max(this.version, stored.version());
		}
	}

	long version() {
		return this.version;
	}

	boolean replacesEqualVersion() {
		return this.forced;
	}

	StoredView stored() {
		return (this.view != null) ? new StoredView(this.version, this.view) : StoredView.marker(this.version);
	}

	boolean has(String indexKey) {
		return this.indexKeys.contains(indexKey);
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
