package io.sitestream.platform.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.UUID;

import io.sitestream.platform.Consumed;
import io.sitestream.platform.Emission;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.Topic;
import io.sitestream.platform.TopicNames;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

import org.springframework.stereotype.Component;

/**
 * Writes emissions and dead letters as Kafka records.
 *
 * @see <a href=
 * "https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">CloudEvents
 * 1.0, Kafka protocol binding, binary content mode; 3.1 for the key</a>
 */
@Component
class RecordWriter {

	static final String ORIGINAL_TOPIC = "x-original-topic";

	static final String ORIGINAL_PARTITION = "x-original-partition";

	static final String ORIGINAL_OFFSET = "x-original-offset";

	static final String ORIGINAL_TIMESTAMP = "x-original-timestamp";

	static final String EXCEPTION_TYPE = "x-exception-fqcn";

	static final String EXCEPTION_MESSAGE = "x-exception-message";

	private static final String CONTENT_TYPE = "content-type";

	/**
	 * The largest dead letter in bytes: larger than any record with the broker's default
	 * of 1 MiB, so that there is room for the headers.
	 */
	static final int LARGEST_LETTER = 4 * 1024 * 1024;

	private static final int LONGEST_MESSAGE = 2_000;

	private static final String ROOT = "io.sitestream.";

	private final TopicNames names;

	private final RecordFormat format;

	private final Clock clock;

	RecordWriter(TopicNames names, RecordFormat format, Clock clock) {
		this.names = names;
		this.format = format;
		this.clock = clock;
	}

	ProducerRecord<byte[], byte[]> record(Emission emission, String module) {
		Class<?> type = (emission.value() != null && !(emission.value() instanceof byte[]))
				? emission.value().getClass() : emission.topic().type();
		Headers headers = new RecordHeaders();
		add(headers, "ce_specversion", "1.0");
		add(headers, "ce_id", UUID.randomUUID().toString());
		add(headers, "ce_source", "/sitestream/" + module);
		add(headers, "ce_type", ROOT + type.getSimpleName() + ".v1");
		add(headers, "ce_time", this.clock.instant().toString());
		// what passes a record on as an event, as a KafkaSource does, leaves the key
		// behind
		add(headers, "ce_partitionkey", emission.key());
		if (!emission.headers().containsKey(CONTENT_TYPE)) {
			add(headers, CONTENT_TYPE, "application/json");
		}
		emission.headers().forEach((name, value) -> add(headers, name, value));
		byte[] value = (emission.value() != null) ? this.format.write(emission.value()) : null;
		return new ProducerRecord<>(this.names.of(emission.topic()), null, bytes(emission.key()), value, headers);
	}

	/**
	 * A dead letter: the record as it was, byte for byte, with where it came from and why
	 * it is here in headers behind its own.
	 * @param letter the dead letter
	 * @param function the function that could not process it
	 * @return the record
	 */
	ProducerRecord<byte[], byte[]> record(DeadLetter letter, String function) {
		RawRecord origin = letter.origin();
		Headers headers = new RecordHeaders();
		origin.rawHeaders().forEach((header) -> {
			if (!header.name().equals(Consumed.REPLAYED)) {
				headers.add(header.name(), header.value());
			}
		});
		add(headers, ORIGINAL_TOPIC, origin.position().topic());
		if (origin.isPlaced()) {
			add(headers, ORIGINAL_PARTITION, Integer.toString(origin.position().partition()));
			add(headers, ORIGINAL_OFFSET, Long.toString(origin.position().offset()));
		}
		add(headers, ORIGINAL_TIMESTAMP, Long.toString(origin.timestamp().toEpochMilli()));
		add(headers, EXCEPTION_TYPE, letter.cause().getClass().getName());
		add(headers, EXCEPTION_MESSAGE, shortened(String.valueOf(letter.cause().getMessage())));
		return new ProducerRecord<>(this.names.deadLetters(origin.position().topic(), function), null, origin.key(),
				origin.value(), headers);
	}

	/**
	 * The module that owns the records of a topic.
	 * @param topic the topic
	 * @return the module's name
	 */
	static String owner(Topic<?> topic) {
		String name = topic.type().getPackageName();
		return name.startsWith(ROOT) ? name.substring(ROOT.length()).split("\\.", 2)[0] : "platform";
	}

	private static String shortened(String message) {
		return (message.length() > LONGEST_MESSAGE) ? message.substring(0, LONGEST_MESSAGE) + "…" : message;
	}

	private static void add(Headers headers, String name, String value) {
		headers.add(name, bytes(value));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
