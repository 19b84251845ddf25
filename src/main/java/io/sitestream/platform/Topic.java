package io.sitestream.platform;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * A topic of the system, declared once by the module that owns its records: what is
 * created, checked and documented follows from here.
 *
 * @param name the name without the prefix of {@code sitestream.topics.prefix}
 * @param type the type of the values; keys are UTF-8 strings
 * @param partitions the number of partitions, which never changes once records are keyed
 * @param retention how long a record is kept, or {@code null} for a compacted topic,
 * which keeps the newest of each key
 * @param key how the key follows from the value, or {@code null} where that is not
 * declared: then neither key nor partition of a record is checked
 * @param <T> the type of the values
 */
public record Topic<T>(String name, Class<T> type, int partitions, @Nullable Duration retention,
		@Nullable Key<? super T> key) {

	public static <T> Topic<T> compacted(String name, Class<T> type, int partitions) {
		return new Topic<>(name, type, partitions, null, null);
	}

	public static <T> Topic<T> retained(String name, Class<T> type, int partitions, Duration retention) {
		return new Topic<>(name, type, partitions, retention, null);
	}

	/**
	 * Declares the key. A record whose key is another, or which lies in another partition
	 * than its key, cannot be processed: readers would disagree about what it speaks of,
	 * and it has no order among the records of its key.
	 * @param member what the key is called in the value, for messages
	 * @param of takes the key from a value
	 * @return the topic with it
	 */
	public Topic<T> keyedBy(String member, Function<? super T, String> of) {
		return new Topic<>(this.name, this.type, this.partitions, this.retention, new Key<>(member, of));
	}

	/**
	 * What is wrong with the place of a record.
	 * @param record a record of this topic
	 * @return a sentence that names both partitions, or nothing when it is in the
	 * partition of its key or its place is not known
	 */
	public Optional<String> misplacement(RawRecord record) {
		if (this.key == null || record.key() == null || !record.isPlaced()) {
			return Optional.empty();
		}
		int expected = partitionOf(record.key());
		int found = record.position().partition();
		return (found == expected) ? Optional.empty() : Optional
			.of("Key '%s' is in partition %d of topic %s, expected %d: murmur2 of the key modulo %d, Java's default (librdkafka: partitioner=murmur2_random). Elsewhere it has no order among the records of its key: write it again with that partitioner."
				.formatted(record.keyText(), found, this.name, expected, this.partitions));
	}

	/**
	 * What is wrong with a record's key.
	 * @param key the key
	 * @param value the value
	 * @return a sentence that names both keys, or nothing when they agree
	 */
	public Optional<String> disagreement(String key, T value) {
		if (this.key == null) {
			return Optional.empty();
		}
		String expected = this.key.of().apply(value);
		return key.equals(expected) ? Optional.empty()
				: Optional.of("Key '%s' and value disagree: topic %s is keyed by %s, which is '%s' in the value."
					.formatted(key, this.name, this.key.member(), expected));
	}

	/**
	 * The partition in which a key's records lie, here and in every topic that has as
	 * many partitions.
	 * @param key the key
	 * @return what Kafka's default partitioner says
	 */
	public int partitionOf(String key) {
		return partitionOf(key.getBytes(StandardCharsets.UTF_8));
	}

	private int partitionOf(byte[] key) {
		return Utils.toPositive(Utils.murmur2(key)) % this.partitions;
	}

	public boolean isCompacted() {
		return this.retention == null;
	}

	/**
	 * How a key follows from a value.
	 *
	 * @param member what it is called in the value
	 * @param of takes it from there
	 * @param <T> the type of the values
	 */
	public record Key<T>(String member, Function<T, String> of) {

	}

}
