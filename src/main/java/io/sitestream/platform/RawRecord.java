package io.sitestream.platform;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A record as it came, before anybody tried to read it.
 *
 * @param position where it lies
 * @param timestamp when it was written
 * @param key the key's bytes
 * @param value the value's bytes, or {@code null} for a tombstone
 * @param rawHeaders the headers, in order
 * @param leaderEpoch the epoch of the leader that appended it, or -1 if unknown. Two
 * records at one offset are the same record if their epochs are the same
 */
@SuppressWarnings("ArrayRecordComponent")
public record RawRecord(Position position, Instant timestamp, byte @Nullable [] key, byte @Nullable [] value,
		List<RawHeader> rawHeaders, int leaderEpoch) {

	public RawRecord(Position position, Instant timestamp, byte @Nullable [] key, byte @Nullable [] value,
			Map<String, String> headers, int leaderEpoch) {
		this(position, timestamp, key, value, RawHeader.of(headers), leaderEpoch);
	}

	/**
	 * The headers as text.
	 * @return names and values read as UTF-8; of several with one name the last, and none
	 * without value
	 */
	public Map<String, String> headers() {
		Map<String, String> headers = new LinkedHashMap<>();
		for (RawHeader header : this.rawHeaders) {
			String text = header.text();
			if (text != null) {
				headers.put(header.name(), text);
			}
		}
		return headers;
	}

	/**
	 * The key as text.
	 * @return the key, or {@code null} when the record has none
	 */
	public @Nullable String keyText() {
		return (this.key != null) ? new String(this.key, StandardCharsets.UTF_8) : null;
	}

	/**
	 * Whether the position is where the record lay, and not made up for a dead letter
	 * that does not say where it came from.
	 * @return whether the partition may be relied on
	 */
	public boolean isPlaced() {
		return this.rawHeaders.stream()
			.noneMatch((header) -> header.name().equals(Consumed.REPLAYED) && Consumed.UNPLACED.equals(header.text()));
	}

	public boolean isTombstone() {
		return this.value == null;
	}

}
