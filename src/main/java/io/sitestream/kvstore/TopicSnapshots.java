package io.sitestream.kvstore;

import java.time.Duration;

import io.sitestream.platform.Topic;

/**
 * Reads small compacted topics from beginning to end, at once, for logic that must know
 * everything before it decides. Unlike a store it needs no function of its own in this
 * process and keeps nothing.
 */
public interface TopicSnapshots {

	/**
	 * Reads a topic to the end that it has now. Waits for transactions that are still
	 * open, so nothing that was acknowledged before the call is missing.
	 * @param topic a compacted topic
	 * @param timeout how long that may take
	 * @param <V> the type of the values
	 * @return what it says; records that cannot be read are left out, the last good value
	 * of their key stays
	 * @throws io.sitestream.platform.ProblemException 503 {@code store-behind} when the
	 * time is up, 503 {@code broker-unavailable} when Kafka does not say where the topic
	 * ends
	 */
	<V> TopicSnapshot<V> read(Topic<V> topic, Duration timeout);

}
