package io.sitestream.platform;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * A record that was read: what the logic behind a function gets.
 *
 * @param topic the topic it came from
 * @param key the key
 * @param value the value, or {@code null} for a tombstone
 * @param headers the headers, read as UTF-8
 * @param position where it lies
 * @param timestamp when it was written
 * @param <T> the type of the value
 */
public record Consumed<T>(Topic<? extends T> topic, String key, @Nullable T value, Map<String, String> headers,
		Position position, Instant timestamp) {

	/** The header of a record that comes again from the dead letters. */
	public static final String REPLAYED = "sitestream-replayed";

	/** What that header says when nobody knows where the record lay. */
	public static final String UNPLACED = "unplaced";

	/**
	 * Whether an operator has this record, a dead letter, processed again. It may have
	 * been before, and records behind it were.
	 * @return whether it comes from the dead letters
	 */
	public boolean isReplayed() {
		return this.headers.containsKey(REPLAYED);
	}

	public boolean isTombstone() {
		return this.value == null;
	}

	/**
	 * The value of a record that is known not to be a tombstone.
	 * @return the value
	 * @throws UnprocessableRecordException if this is a tombstone
	 */
	public T required() {
		if (this.value == null) {
			throw new UnprocessableRecordException(this.position,
					"Tombstone for key '%s': topic %s takes none.".formatted(this.key, this.topic.name()));
		}
		return Objects.requireNonNull(this.value);
	}

	public Optional<String> header(String name) {
		return Optional.ofNullable(this.headers.get(name));
	}

}
