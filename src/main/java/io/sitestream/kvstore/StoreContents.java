package io.sitestream.kvstore;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import io.sitestream.platform.Position;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.Topic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a store knows: applies records to the entries and tells the listeners. A record
 * that cannot be read, or that is not what or where its key says, goes to the quarantine
 * and changes nothing else.
 *
 * @param <V> the type of the values
 */
final class StoreContents<V> {

	private static final Logger log = LoggerFactory.getLogger(StoreContents.class);

	/** From so many records on, several threads read them sooner than one. */
	private static final int MANY = 200;

	private final String store;

	private final Topic<V> topic;

	private final Codec<V> codec;

	/** Whether values stay in memory as they came, too, for checkpoints. */
	private final boolean keepsBytes;

	private final Entries<V> entries = new Entries<>();

	private final Quarantine quarantine = new Quarantine();

	private final List<StoreListener<V>> listeners = new CopyOnWriteArrayList<>();

	/** Keeps a new listener from missing or doubling a change. */
	private final Lock changing = new ReentrantLock();

	/** Keys from before a reload that have not been read again yet. */
	private final Set<String> unconfirmed = new HashSet<>();

	StoreContents(String store, Topic<V> topic, Codec<V> codec, boolean keepsBytes) {
		this.store = store;
		this.topic = topic;
		this.codec = codec;
		this.keepsBytes = keepsBytes;
	}

	Entries<V> entries() {
		return this.entries;
	}

	Quarantine quarantine() {
		return this.quarantine;
	}

	void listen(String topicName, StoreListener<V> listener) {
		this.changing.lock();
		try {
			this.entries
				.forEach((key, entry) -> tell(listener, key, null, entry.value(), entry.position(topicName), true));
			this.listeners.add(listener);
		}
		finally {
			this.changing.unlock();
		}
	}

	void apply(RawRecord record, boolean replay) {
		read(record).apply(replay);
	}

	/**
	 * Reads records on as many threads as pay, without changing anything.
	 * @param records the records
	 * @return what they change, in the same order
	 */
	List<? extends Change> read(List<RawRecord> records) {
		Stream<RawRecord> stream = (records.size() < MANY) ? records.stream() : records.parallelStream();
		return stream.map(this::read).toList();
	}

	private ReadRecord read(RawRecord record) {
		try {
			String key = key(record);
			this.topic.misplacement(record).ifPresent(StoreContents::refuse);
			V value = (record.value() != null) ? this.codec.read(record.value()) : null;
			if (value != null) {
				this.topic.disagreement(key, value).ifPresent(StoreContents::refuse);
			}
			return new ReadRecord(record, key, value, null);
		}
		catch (IllegalArgumentException ex) {
			return new ReadRecord(record, "", null, String.valueOf(ex.getMessage()));
		}
	}

	Codec<V> codec() {
		return this.codec;
	}

	/**
	 * The newest record of each key as it came. To apply them again in this order, to
	 * empty contents, makes the same contents.
	 * @return the records that were read, and behind them those that could not be
	 */
	List<StoredRecord> records() {
		List<StoredRecord> records = new ArrayList<>(this.entries.size() + this.quarantine.size());
		this.entries.forEach((key, entry) -> records.add(new StoredRecord(entry.partition(), entry.offset(),
				key.getBytes(StandardCharsets.UTF_8), entry.bytes())));
		this.quarantine.raw()
			.forEach((record) -> records.add(new StoredRecord(record.position().partition(), record.position().offset(),
					record.key(), record.value())));
		return records;
	}

	/**
	 * The topic will be read from its beginning once more: what is not in it any longer
	 * goes at {@link #endReload}.
	 */
	void beginReload() {
		this.unconfirmed.clear();
		this.unconfirmed.addAll(this.entries.keys());
		this.quarantine.clear();
	}

	void endReload(String topicName) {
		for (String key : Set.copyOf(this.unconfirmed)) {
			Entry<V> entry = Objects.requireNonNull(this.entries.get(key));
			set(key, null, entry.position(topicName), true);
		}
	}

	private void set(String key, @Nullable Entry<V> entry, Position position, boolean replay) {
		this.changing.lock();
		try {
			this.unconfirmed.remove(key);
			Entry<V> before = this.entries.set(key, entry);
			if (before != null || entry != null) {
				this.listeners.forEach((listener) -> tell(listener, key, (before != null) ? before.value() : null,
						(entry != null) ? entry.value() : null, position, replay));
			}
		}
		finally {
			this.changing.unlock();
		}
	}

	private void tell(StoreListener<V> listener, String key, @Nullable V before, @Nullable V after, Position position,
			boolean replay) {
		try {
			listener.changed(key, before, after, position, replay);
		}
		catch (RuntimeException ex) {
			log.error("{}: a listener failed on the change at {}. The store goes on.", this.store, position, ex);
		}
	}

	private static void refuse(String fault) {
		throw new IllegalArgumentException(fault);
	}

	private static String key(RawRecord record) {
		String key = record.keyText();
		if (key == null || record.key() == null) {
			throw new IllegalArgumentException("Record has no key.");
		}
		if (key.indexOf('\uFFFD') >= 0 && !Arrays.equals(record.key(), key.getBytes(StandardCharsets.UTF_8))) {
			throw new IllegalArgumentException("Key '%s' is not UTF-8.".formatted(key));
		}
		return key;
	}

	/**
	 * What a record changes once it is applied.
	 */
	interface Change {

		RawRecord record();

		void apply(boolean replay);

	}

	private final class ReadRecord implements Change {

		private final RawRecord record;

		private final String key;

		private final @Nullable V value;

		private final @Nullable String fault;

		ReadRecord(RawRecord record, String key, @Nullable V value, @Nullable String fault) {
			this.record = record;
			this.key = key;
			this.value = value;
			this.fault = fault;
		}

		@Override
		public RawRecord record() {
			return this.record;
		}

		@Override
		public void apply(boolean replay) {
			Position position = this.record.position();
			if (this.fault != null) {
				if (this.record.isTombstone() && StoreContents.this.quarantine.repairedBy(this.record)) {
					// somebody has removed a record from a partition where it should not
					// be
					return;
				}
				StoreContents.this.quarantine.add(this.record, this.fault);
				log.warn("{}: record at {} cannot be read, the last good value of its key stays. {}",
						StoreContents.this.store, position, this.fault);
				return;
			}
			set(this.key, (this.value != null) ? new Entry<>(this.value, position.partition(), position.offset(),
					StoreContents.this.keepsBytes ? this.record.value() : null) : null, position, replay);
			StoreContents.this.quarantine.repairedBy(this.record);
		}

	}

}
