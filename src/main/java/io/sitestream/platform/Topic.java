package io.sitestream.platform;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

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
 * @param <T> the type of the values
 */
public record Topic<T>(String name, Class<T> type, int partitions, @Nullable Duration retention) {

	public static <T> Topic<T> compacted(String name, Class<T> type, int partitions) {
		return new Topic<>(name, type, partitions, null);
	}

	public static <T> Topic<T> retained(String name, Class<T> type, int partitions, Duration retention) {
		return new Topic<>(name, type, partitions, retention);
	}

	/**
	 * The partition in which a key's records lie, here and in every topic that has as
	 * many partitions.
	 * @param key the key
	 * @return what Kafka's default partitioner says
	 */
	public int partitionOf(String key) {
		return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % this.partitions;
	}

	public boolean isCompacted() {
		return this.retention == null;
	}

}
