package io.sitestream.platform.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Makes a dead letter fit into its topic: position, cause and the head of the value stay,
 * and as much of headers and key as there is room for. Headers say that it was shortened,
 * and of how many bytes the value was.
 */
final class DeadLetterShortening {

	/** What was left out: {@code value}, {@code headers}, {@code key}. */
	static final String SHORTENED = "x-shortened";

	static final String ORIGINAL_VALUE_SIZE = "x-original-value-size";

	private static final Set<String> OWN = Set.of(RecordWriter.ORIGINAL_TOPIC, RecordWriter.ORIGINAL_PARTITION,
			RecordWriter.ORIGINAL_OFFSET, RecordWriter.ORIGINAL_TIMESTAMP, RecordWriter.EXCEPTION_TYPE,
			RecordWriter.EXCEPTION_MESSAGE);

	private static final int LONGEST_VALUE = 64 * 1024;

	private static final int LONGEST_KEY = 256;

	/** An empty batch with one record: 61 and 21 bytes, and five lengths. */
	private static final int OVERHEAD = 61 + 21 + 5 * 5;

	/** The lengths of name and value. */
	private static final int HEADER_OVERHEAD = 10;

	private DeadLetterShortening() {
	}

	/**
	 * How large a record is for its producer and its topic, alone in a batch and without
	 * compression.
	 * @param record the record
	 * @return not less than its size in bytes
	 */
	static long size(ProducerRecord<byte[], byte[]> record) {
		long size = OVERHEAD + length(record.key()) + length(record.value());
		for (Header header : record.headers()) {
			size += HEADER_OVERHEAD + header.key().getBytes(StandardCharsets.UTF_8).length + length(header.value());
		}
		return size;
	}

	/**
	 * Shortens a dead letter.
	 * @param whole the dead letter
	 * @param largest the size that it may have in bytes
	 * @return the letter with what fits, empty if not even position and cause fit
	 */
	static Optional<ProducerRecord<byte[], byte[]>> shorten(ProducerRecord<byte[], byte[]> whole, long largest) {
		for (String left : List.of("value", "value,headers", "value,headers,key")) {
			Headers headers = headers(whole, left);
			byte[] key = left.endsWith("key") ? head(whole.key(), LONGEST_KEY) : whole.key();
			long room = largest - size(record(whole, key, null, headers));
			if (room >= 0) {
				return Optional.of(record(whole, key, head(whole.value(), Math.min(room, LONGEST_VALUE)), headers));
			}
		}
		return Optional.empty();
	}

	private static Headers headers(ProducerRecord<byte[], byte[]> whole, String left) {
		Headers headers = new RecordHeaders();
		for (Header header : whole.headers()) {
			if (!left.contains("headers") || isOwn(header, whole.headers())) {
				headers.add(header);
			}
		}
		headers.add(SHORTENED, left.getBytes(StandardCharsets.UTF_8));
		headers.add(ORIGINAL_VALUE_SIZE, Long.toString(length(whole.value())).getBytes(StandardCharsets.UTF_8));
		return headers;
	}

	private static boolean isOwn(Header header, Headers all) {
		return OWN.contains(header.key()) && header.equals(all.lastHeader(header.key()));
	}

	private static ProducerRecord<byte[], byte[]> record(ProducerRecord<byte[], byte[]> whole, byte @Nullable [] key,
			byte @Nullable [] value, Headers headers) {
		return new ProducerRecord<>(whole.topic(), null, key, value, headers);
	}

	private static byte @Nullable [] head(byte @Nullable [] bytes, long most) {
		return (bytes == null || bytes.length <= most) ? bytes : Arrays.copyOf(bytes, (int) most);
	}

	private static long length(byte @Nullable [] bytes) {
		return (bytes != null) ? bytes.length : 0;
	}

}
