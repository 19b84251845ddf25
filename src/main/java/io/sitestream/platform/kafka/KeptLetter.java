package io.sitestream.platform.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

import io.sitestream.platform.Consumed;
import io.sitestream.platform.Position;
import io.sitestream.platform.RawRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as it lies in its topic.
 *
 * @param letter its offset there
 * @param record the record as the function got it, with its position then
 * @param isPlaced whether that position is known
 * @param cause why the function could not process it
 */
record KeptLetter(long letter, RawRecord record, boolean isPlaced, String cause) {

	private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

	/**
	 * Where a KafkaSource of Knative says what it gave up on, which a KafkaSink keeps.
	 */
	private static final String SINK_PARTITION = "ce_knativekafkapartition";

	private static final String SINK_OFFSET = "ce_knativekafkaoffset";

	/**
	 * Reads a letter. One that somebody else wrote, without the headers of the edge or of
	 * Knative, is taken for a record of the input's first partition.
	 * @param kept the record in the dead-letter topic
	 * @param input the full name of the topic that letters here came from
	 * @return the letter
	 */
	static KeptLetter of(ConsumerRecord<byte[], byte[]> kept, String input) {
		Map<String, String> headers = new LinkedHashMap<>(RawRecordConverter.raw(kept).headers());
		String partition = either(headers.remove(RecordWriter.ORIGINAL_PARTITION), headers.get(SINK_PARTITION));
		String offset = either(headers.remove(RecordWriter.ORIGINAL_OFFSET), headers.get(SINK_OFFSET));
		boolean isPlaced = partition != null && offset != null;
		Position position = isPlaced ? new Position(input, (int) number(partition, 0), number(offset, 0))
				: new Position(input, 0, kept.offset());
		Instant timestamp = Instant
			.ofEpochMilli(number(headers.remove(RecordWriter.ORIGINAL_TIMESTAMP), kept.timestamp()));
		String message = headers.remove(RecordWriter.EXCEPTION_MESSAGE);
		headers.remove(RecordWriter.EXCEPTION_TYPE);
		headers.remove(RecordWriter.ORIGINAL_TOPIC);
		headers.put(Consumed.REPLAYED, isPlaced ? "true" : Consumed.UNPLACED);
		return new KeptLetter(kept.offset(),
				new RawRecord(position, timestamp, kept.key(), kept.value(), Map.copyOf(headers), -1), isPlaced,
				(message != null) ? message : "unknown");
	}

	@Nullable String value() {
		byte[] value = this.record.value();
		return (value != null) ? new String(value, StandardCharsets.UTF_8) : null;
	}

	private static @Nullable String either(@Nullable String one, @Nullable String other) {
		String text = (one != null) ? one : other;
		return (text != null && NUMBER.matcher(text).matches()) ? text : null;
	}

	private static long number(@Nullable String text, long otherwise) {
		return (text != null && NUMBER.matcher(text).matches()) ? Long.parseLong(text) : otherwise;
	}

}
