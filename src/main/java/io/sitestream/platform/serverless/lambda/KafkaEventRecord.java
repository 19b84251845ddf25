package io.sitestream.platform.serverless.lambda;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.sitestream.platform.Position;
import io.sitestream.platform.RawHeader;
import io.sitestream.platform.RawRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record in an event. Key and value come in base64, a header's value as an array of
 * signed bytes; the JSON reader understands both as bytes.
 *
 * @param topic the topic's full name
 * @param partition the partition
 * @param offset the offset
 * @param timestamp when it was written, in milliseconds since 1970
 * @param key the key, absent or {@code null} when it has none
 * @param value the value, absent or {@code null} for a tombstone; an empty one is none
 * @param headers its headers, each in a map of its own, since a name may come twice
 */
@SuppressWarnings("ArrayRecordComponent")
record KafkaEventRecord(@Nullable String topic, @Nullable Integer partition, @Nullable Long offset,
		@Nullable Long timestamp, byte @Nullable [] key, byte @Nullable [] value,
		@Nullable List<Map<String, byte @Nullable []>> headers) {

	private static final int UNKNOWN_EPOCH = -1;

	/**
	 * The record as a poll would bring it.
	 * @return the record
	 * @throws IllegalArgumentException if the event does not say where it lies
	 */
	RawRecord raw() {
		if (this.topic == null || this.partition == null || this.offset == null) {
			throw new IllegalArgumentException(
					"A record of the event has topic '%s', partition %s and offset %s: expected are all three."
						.formatted(this.topic, this.partition, this.offset));
		}
		return new RawRecord(new Position(this.topic, this.partition, this.offset),
				Instant.ofEpochMilli((this.timestamp != null) ? this.timestamp : 0), this.key, this.value, rawHeaders(),
				UNKNOWN_EPOCH);
	}

	private List<RawHeader> rawHeaders() {
		List<RawHeader> raw = new ArrayList<>();
		if (this.headers != null) {
			this.headers.forEach((header) -> header.forEach((name, value) -> raw.add(new RawHeader(name, value))));
		}
		return raw;
	}

}
