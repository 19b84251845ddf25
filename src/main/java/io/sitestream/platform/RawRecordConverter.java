package io.sitestream.platform;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

import org.springframework.kafka.support.Acknowledgment;
import org.springframework.kafka.support.converter.BatchMessageConverter;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;

/**
 * Turns a poll into one message with a list of {@link RawRecord}: keys, positions and
 * headers stay with their record, and tombstones are records without a value.
 */
final class RawRecordConverter implements BatchMessageConverter {

	@Override
	public Message<?> toMessage(List<ConsumerRecord<?, ?>> records, @Nullable Acknowledgment acknowledgment,
			@Nullable Consumer<?, ?> consumer, Type payloadType) {
		List<RawRecord> raw = new ArrayList<>(records.size());
		records.forEach((record) -> raw.add(raw(record)));
		return new GenericMessage<>(raw);
	}

	@Override
	public List<ProducerRecord<?, ?>> fromMessage(Message<?> message, String defaultTopic) {
		throw new IllegalStateException("Records are sent by the edge, not through bindings.");
	}

	static RawRecord raw(ConsumerRecord<?, ?> record) {
		return new RawRecord(new Position(record.topic(), record.partition(), record.offset()),
				Instant.ofEpochMilli(record.timestamp()), (byte[]) record.key(), (byte[]) record.value(),
				text(record.headers()));
	}

	private static Map<String, String> text(Headers headers) {
		Map<String, String> text = new LinkedHashMap<>();
		for (Header header : headers) {
			if (header.value() != null) {
				text.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
			}
		}
		return text;
	}

}
