package io.sitestream.platform;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A record to be sent. The edge adds the CloudEvents headers of the contract.
 *
 * @param topic the topic it goes to
 * @param key the key
 * @param value the value, or {@code null} for a tombstone
 * @param headers headers besides those that the edge writes
 */
public record Emission(Topic<?> topic, String key, @Nullable Object value, Map<String, String> headers) {

	public static <T> Emission of(Topic<T> topic, String key, T value) {
		return new Emission(topic, key, value, Map.of());
	}

	public static Emission tombstone(Topic<?> topic, String key) {
		return new Emission(topic, key, null, Map.of());
	}

	public Emission withHeader(String name, String value) {
		Map<String, String> more = new LinkedHashMap<>(this.headers);
		more.put(name, value);
		return new Emission(this.topic, this.key, this.value, Map.copyOf(more));
	}

}
