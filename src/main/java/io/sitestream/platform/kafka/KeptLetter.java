package io.sitestream.platform.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

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
 * @param cause why the function could not process it
 */
record KeptLetter(long letter, RawRecord record, String cause) {

	/**
	 * Reads a letter. One that somebody else wrote, without the headers of the edge, is
	 * taken for a record of the input's first partition.
	 * @param kept the record in the dead-letter topic
	 * @param input the full name of the topic that letters here came from
	 * @return the letter
	 */
	static KeptLetter of(ConsumerRecord<byte[], byte[]> kept, String input) {
		Map<String, String> headers = new LinkedHashMap<>(RawRecordConverter.raw(kept).headers());
		Position position = new Position(input, (int) number(headers.remove(RecordWriter.ORIGINAL_PARTITION), 0),
				number(headers.remove(RecordWriter.ORIGINAL_OFFSET), kept.offset()));
		Instant timestamp = Instant
			.ofEpochMilli(number(headers.remove(RecordWriter.ORIGINAL_TIMESTAMP), kept.timestamp()));
		String message = headers.remove(RecordWriter.EXCEPTION_MESSAGE);
		headers.remove(RecordWriter.EXCEPTION_TYPE);
		headers.remove(RecordWriter.ORIGINAL_TOPIC);
		headers.put(Consumed.REPLAYED, "true");
		return new KeptLetter(kept.offset(),
				new RawRecord(position, timestamp, kept.key(), kept.value(), Map.copyOf(headers), -1),
				(message != null) ? message : "unknown");
	}

	@Nullable String value() {
		byte[] value = this.record.value();
		return (value != null) ? new String(value, StandardCharsets.UTF_8) : null;
	}

	private static long number(@Nullable String text, long otherwise) {
		return (text != null && text.matches("\\d{1,18}")) ? Long.parseLong(text) : otherwise;
	}

}
