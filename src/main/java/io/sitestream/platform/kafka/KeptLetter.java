package io.sitestream.platform.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

import io.sitestream.platform.Consumed;
import io.sitestream.platform.Position;
import io.sitestream.platform.RawHeader;
import io.sitestream.platform.RawRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as it lies in its topic.
 *
 * @param letter its offset there
 * @param record the record as the function got it, byte for byte, with its position then
 * @param isPlaced whether that position is known
 * @param cause why the function could not process it
 * @param originalSize the size of the record's value in bytes, where the letter has less
 * than all of the record; else {@code null}
 */
record KeptLetter(long letter, RawRecord record, boolean isPlaced, String cause, @Nullable Long originalSize) {

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
		List<RawHeader> headers = new ArrayList<>(RawRecordConverter.raw(kept).rawHeaders());
		String partition = either(take(headers, RecordWriter.ORIGINAL_PARTITION), last(headers, SINK_PARTITION));
		String offset = either(take(headers, RecordWriter.ORIGINAL_OFFSET), last(headers, SINK_OFFSET));
		boolean isPlaced = partition != null && offset != null;
		Position position = isPlaced ? new Position(input, (int) number(partition, 0), number(offset, 0))
				: new Position(input, 0, kept.offset());
		Instant timestamp = Instant
			.ofEpochMilli(number(take(headers, RecordWriter.ORIGINAL_TIMESTAMP), kept.timestamp()));
		String message = take(headers, RecordWriter.EXCEPTION_MESSAGE);
		take(headers, RecordWriter.EXCEPTION_TYPE);
		take(headers, RecordWriter.ORIGINAL_TOPIC);
		String size = take(headers, DeadLetterShortening.ORIGINAL_VALUE_SIZE);
		boolean isShortened = take(headers, DeadLetterShortening.SHORTENED) != null;
		return new KeptLetter(kept.offset(), replayed(position, timestamp, kept.key(), kept.value(), headers, isPlaced),
				isPlaced, (message != null) ? message : "unknown", isShortened ? number(size, 0) : null);
	}

	boolean isShortened() {
		return this.originalSize != null;
	}

	/**
	 * Whether a record is the one of which this letter has the head.
	 * @param original a record at the same place
	 * @return whether time, size and head are the same
	 */
	boolean isOf(ConsumerRecord<byte[], byte[]> original) {
		byte[] head = this.record.value();
		byte[] value = original.value();
		return original.timestamp() == this.record.timestamp().toEpochMilli()
				&& ((head == null || value == null) ? head == value : value.length == number()
						&& Arrays.equals(head, Arrays.copyOf(value, Math.min(value.length, head.length))));
	}

	/**
	 * This letter with all of its record.
	 * @param original the record
	 * @return the letter
	 */
	KeptLetter completed(ConsumerRecord<byte[], byte[]> original) {
		RawRecord raw = RawRecordConverter.raw(original);
		return new KeptLetter(this.letter,
				replayed(raw.position(), raw.timestamp(), raw.key(), raw.value(), raw.rawHeaders(), true), true,
				this.cause, null);
	}

	@Nullable String value() {
		return text(this.record.value());
	}

	/**
	 * Bytes that are no text, as base64, since their text does not say what they are.
	 * @param bytes key or value
	 * @return base64, or {@code null} for text
	 */
	static @Nullable String base64(byte @Nullable [] bytes) {
		if (bytes == null) {
			return null;
		}
		try {
			StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
			return null;
		}
		catch (CharacterCodingException ex) {
			return Base64.getEncoder().encodeToString(bytes);
		}
	}

	private long number() {
		return (this.originalSize != null) ? this.originalSize : -1;
	}

	private static RawRecord replayed(Position position, Instant timestamp, byte @Nullable [] key,
			byte @Nullable [] value, List<RawHeader> headers, boolean isPlaced) {
		List<RawHeader> all = new ArrayList<>(headers);
		all.add(RawHeader.of(Consumed.REPLAYED, isPlaced ? "true" : Consumed.UNPLACED));
		return new RawRecord(position, timestamp, key, value, all, -1);
	}

	private static @Nullable String text(byte @Nullable [] bytes) {
		return (bytes != null) ? new String(bytes, StandardCharsets.UTF_8) : null;
	}

	/** The record may have headers of the same name, which stay. */
	private static @Nullable String take(List<RawHeader> headers, String name) {
		for (int i = headers.size() - 1; i >= 0; i--) {
			if (headers.get(i).name().equals(name)) {
				return headers.remove(i).text();
			}
		}
		return null;
	}

	private static @Nullable String last(List<RawHeader> headers, String name) {
		return headers.reversed()
			.stream()
			.filter((header) -> header.name().equals(name))
			.findFirst()
			.map(RawHeader::text)
			.orElse(null);
	}

	private static @Nullable String either(@Nullable String one, @Nullable String other) {
		String text = (one != null) ? one : other;
		return (text != null && NUMBER.matcher(text).matches()) ? text : null;
	}

	private static long number(@Nullable String text, long otherwise) {
		return (text != null && NUMBER.matcher(text).matches()) ? Long.parseLong(text) : otherwise;
	}

}
