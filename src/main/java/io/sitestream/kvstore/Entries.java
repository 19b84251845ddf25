package io.sitestream.kvstore;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

/**
 * The entries of a store, in order of their keys. One thread writes, any number read
 * without a lock.
 *
 * @param <V> the type of the values
 */
final class Entries<V> {

	private final ConcurrentSkipListMap<String, Entry<V>> entries = new ConcurrentSkipListMap<>();

	/** Counted after each change, so a snapshot of version n misses no change up to n. */
	private final AtomicLong version = new AtomicLong();

	private final AtomicLong size = new AtomicLong();

	private volatile Snapshot<V> snapshot = new Snapshot<>(0, Collections.emptyNavigableMap());

	@Nullable Entry<V> get(String key) {
		return this.entries.get(key);
	}

	/**
	 * Sets what a key has from now on.
	 * @param key the key
	 * @param entry the entry, or {@code null} to remove it
	 * @return what it had before, or {@code null} if nothing
	 */
	@Nullable Entry<V> set(String key, @Nullable Entry<V> entry) {
		Entry<V> before = (entry != null) ? this.entries.put(key, entry) : this.entries.remove(key);
		this.size.addAndGet(((entry != null) ? 1 : 0) - ((before != null) ? 1 : 0));
		this.version.incrementAndGet();
		return before;
	}

	int size() {
		return this.size.intValue();
	}

	NavigableMap<String, Entry<V>> live() {
		return Collections.unmodifiableNavigableMap(this.entries);
	}

	NavigableMap<String, V> range(String from, String to) {
		NavigableMap<String, V> copy = new TreeMap<>();
		this.entries.subMap(from, true, to, false).forEach((key, entry) -> copy.put(key, entry.value()));
		return Collections.unmodifiableNavigableMap(copy);
	}

	NavigableMap<String, V> all() {
		Snapshot<V> last = this.snapshot;
		long now = this.version.get();
		if (last.version() == now) {
			return last.values();
		}
		NavigableMap<String, V> copy = new TreeMap<>();
		this.entries.forEach((key, entry) -> copy.put(key, entry.value()));
		Snapshot<V> fresh = new Snapshot<>(now, Collections.unmodifiableNavigableMap(copy));
		this.snapshot = fresh;
		return fresh.values();
	}

	private record Snapshot<V>(long version, NavigableMap<String, V> values) {

	}

}
