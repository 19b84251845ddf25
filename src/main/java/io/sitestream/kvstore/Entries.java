package io.sitestream.kvstore;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

/**
 * The entries of a store. One thread writes, any number read without a lock. A look at
 * one key costs what it costs in a hash map; the order of the keys is kept beside it.
 *
 * @param <V> the type of the values
 */
final class Entries<V> {

	/** Alone decides what is seen, so that all ways of reading agree. */
	private final ConcurrentHashMap<String, Entry<V>> entries = new ConcurrentHashMap<>();

	/** Every key of an entry, and for a moment one that comes or goes. */
	private final ConcurrentSkipListSet<String> keys = new ConcurrentSkipListSet<>();

	/** Odd during a change: who saw it is never answered by a snapshot from before. */
	private final AtomicLong version = new AtomicLong();

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
		this.version.incrementAndGet();
		Entry<V> before = (entry != null) ? put(key, entry) : remove(key);
		this.version.incrementAndGet();
		return before;
	}

	private @Nullable Entry<V> put(String key, Entry<V> entry) {
		if (!this.entries.containsKey(key)) {
			this.keys.add(key);
		}
		return this.entries.put(key, entry);
	}

	private @Nullable Entry<V> remove(String key) {
		Entry<V> before = this.entries.remove(key);
		this.keys.remove(key);
		return before;
	}

	int size() {
		return this.entries.size();
	}

	Set<String> keys() {
		return Collections.unmodifiableSet(this.keys);
	}

	/**
	 * Goes through the entries in order of their keys.
	 * @param action takes each key and its entry
	 */
	void forEach(BiConsumer<String, Entry<V>> action) {
		forEach(this.keys, action);
	}

	private void forEach(Iterable<String> some, BiConsumer<String, Entry<V>> action) {
		for (String key : some) {
			Entry<V> entry = this.entries.get(key);
			if (entry != null) {
				action.accept(key, entry);
			}
		}
	}

	NavigableMap<String, V> range(String from, String to) {
		return copy(this.keys.subSet(from, true, to, false));
	}

	NavigableMap<String, V> all() {
		Snapshot<V> last = this.snapshot;
		long now = this.version.get();
		if (last.version() == now) {
			return last.values();
		}
		NavigableMap<String, V> values = copy(this.keys);
		if (now % 2 == 0) {
			this.snapshot = new Snapshot<>(now, values);
		}
		return values;
	}

	private NavigableMap<String, V> copy(Iterable<String> some) {
		NavigableMap<String, V> copy = new TreeMap<>();
		forEach(some, (key, entry) -> copy.put(key, entry.value()));
		return Collections.unmodifiableNavigableMap(copy);
	}

	private record Snapshot<V>(long version, NavigableMap<String, V> values) {

	}

}
