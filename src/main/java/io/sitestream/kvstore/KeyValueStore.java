package io.sitestream.kvstore;

import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

import io.sitestream.platform.Position;
import io.sitestream.platform.Replay;
import io.sitestream.platform.Topic;

/**
 * A map in memory that follows a compacted topic. Reads take no lock and make no network
 * call; they are refused until the topic has been read to the end that it had when its
 * partitions were assigned, so nobody ever sees a half-loaded store. They are refused
 * again while the topic is read anew: when it was made anew or truncated, or when the
 * store was away from its end for so long that a removal may have come and gone unseen.
 * So are writes, too, at once, while the function that feeds the store is stopped or
 * paused, or has ended; afterwards reads wait until what was missed has been read. Safe
 * for use by several threads.
 * <p>
 * One writer per key is the rule. With two, all stores end with the record that is the
 * later one in the log, the same everywhere, and nobody is told: who wrote the earlier
 * one is answered as if it stood, and of two who read, change and write back, one loses
 * the change. Writers of different keys never meet.
 *
 * @param <V> the type of the values, which are immutable
 */
public interface KeyValueStore<V> {

	/**
	 * What the store is called in {@code /actuator/kvstores}, metrics and messages.
	 * @return the name
	 */
	String name();

	Topic<V> topic();

	/**
	 * The topic's full name, prefix included.
	 * @return the name, as positions carry it
	 */
	String topicName();

	/**
	 * What tells the topic from others of its name: one that was there before, or its
	 * mirror in another data centre. Their positions mean nothing here.
	 * @return the id that Kafka gave it, or nothing as long as it did not say
	 */
	Optional<String> topicId();

	boolean isReady();

	/**
	 * Refuses at once what would wait in vain. Works before the store is ready, too.
	 * @throws io.sitestream.platform.ProblemException 503 {@code store-not-ready} while
	 * the function that feeds the store was stopped or paused, or has ended
	 */
	void requireFollowing();

	/**
	 * Looks up a value.
	 * @param key the key
	 * @return the value, if there is one
	 * @throws io.sitestream.platform.ProblemException 503 {@code store-not-ready} before
	 * the topic was read to its end; so do all reads
	 */
	Optional<V> find(String key);

	/**
	 * Looks up a value that has to be there.
	 * @param key the key
	 * @return the value
	 * @throws UnknownKeyException if there is none
	 * @throws io.sitestream.platform.ProblemException as {@link #find}
	 */
	default V get(String key) {
		return find(key).orElseThrow(() -> new UnknownKeyException(this, key));
	}

	boolean containsKey(String key);

	/**
	 * All entries, in order of their keys. What changes during the call may or may not be
	 * in it; what was shown before the call is.
	 * @return an unmodifiable snapshot, made at most once per change
	 */
	NavigableMap<String, V> all();

	/**
	 * The entries of a range of keys, in their order, which is that of their UTF-16 code
	 * units. Costs as much as the range is long, however large the store is.
	 * @param from the first key
	 * @param to the first key behind the range
	 * @return an unmodifiable snapshot
	 * @throws IllegalArgumentException if {@code from} is behind {@code to}
	 */
	NavigableMap<String, V> range(String from, String to);

	int size();

	/**
	 * Appends a value and waits until this store shows it, or something newer for its
	 * key.
	 * @param key the key
	 * @param value the value
	 * @return where the record lies
	 * @throws io.sitestream.platform.ProblemException 503 {@code store-behind} when that
	 * took longer than the store's timeout, 503 {@code broker-unavailable} when Kafka did
	 * not take it
	 */
	Position put(String key, V value);

	/**
	 * Appends a tombstone and waits until this store shows it. Otherwise as {@link #put}.
	 * @param key the key
	 * @return where the record lies
	 */
	Position delete(String key);

	/**
	 * Waits until this store has read the record at a position, or what came after it.
	 * @param position a position in this store's topic
	 * @param timeout how long to wait
	 * @return whether it has
	 */
	boolean await(Position position, Duration timeout);

	/**
	 * A barrier: waits until this store has read everything that was in the topic when
	 * the call began, records of transactions included that were still open then. Works
	 * before the store is ready, too. Ends up to a second late when the topic ends with
	 * the marker of a transaction. Must not be called inside a rebalance callback, nor on
	 * the thread that feeds this store.
	 * @param timeout how long to wait
	 * @throws io.sitestream.platform.ProblemException 503 {@code store-behind} when the
	 * time is up, 503 {@code broker-unavailable} when Kafka does not say where the topic
	 * ends
	 */
	void sync(Duration timeout);

	/**
	 * Hears every change from now on; what is there already is told first, as a replay,
	 * on the caller's thread. A listener that throws is logged and heard no more of that
	 * change; the store goes on.
	 * @param listener the listener, called on the consumer's thread
	 */
	void listen(StoreListener<V> listener);

	/**
	 * For each partition the offset that will be read next.
	 * @return the positions
	 */
	Map<Integer, Long> positions();

	/**
	 * What the store's {@code refresh…} function hands over to.
	 * @return the reader of the topic
	 */
	Replay replay();

}
