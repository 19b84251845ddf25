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
		return withHeaders(Map.of(name, value));
	}

	/**
	 * Says which record this follows from, so that a trace goes on from there. Without it
	 * an emission follows from the newest record of the poll that has its key.
	 * @param cause the record
	 * @return an emission that continues the record's trace, if it has one
	 */
	public Emission causedBy(Consumed<?> cause) {
		return withHeaders(TraceHeaders.of(cause.headers()));
	}

	/**
	 * Adds headers.
	 * @param more headers, which win over those that are there
	 * @return an emission with all of them
	 */
	public Emission withHeaders(Map<String, String> more) {
		if (more.isEmpty()) {
			return this;
		}
		Map<String, String> all = new LinkedHashMap<>(this.headers);
		all.putAll(more);
		return new Emission(this.topic, this.key, this.value, Map.copyOf(all));
	}

}
