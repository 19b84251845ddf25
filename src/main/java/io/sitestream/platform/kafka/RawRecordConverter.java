package io.sitestream.platform.kafka;

import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.sitestream.platform.Position;
import io.sitestream.platform.RawHeader;
import io.sitestream.platform.RawRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

import org.springframework.kafka.support.Acknowledgment;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.kafka.support.converter.BatchMessageConverter;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;

/**
 * Turns a poll into one message with a list of {@link RawRecord}: keys, positions and
 * headers stay with their record, and tombstones are records without a value.
 */
final class RawRecordConverter implements BatchMessageConverter {

	/** The header that says how many records were known to follow in each partition. */
	static final String REMAINING = "sitestream_remaining";

	private static final long UNKNOWN = Long.MAX_VALUE;

	@Override
	public Message<?> toMessage(List<ConsumerRecord<?, ?>> records, @Nullable Acknowledgment acknowledgment,
			@Nullable Consumer<?, ?> consumer, Type payloadType) {
		List<RawRecord> raw = new ArrayList<>(records.size());
		records.forEach((record) -> raw.add(raw(record)));
		return new GenericMessage<>(raw, (consumer != null)
				? Map.of(REMAINING, remaining(records, consumer), KafkaHeaders.CONSUMER, consumer) : Map.of());
	}

	@Override
	public List<ProducerRecord<?, ?>> fromMessage(Message<?> message, String defaultTopic) {
		throw new IllegalStateException("Records are sent by the edge, not through bindings.");
	}

	private static Map<TopicPartition, Long> remaining(List<ConsumerRecord<?, ?>> records, Consumer<?, ?> consumer) {
		Map<TopicPartition, Long> remaining = new HashMap<>();
		for (ConsumerRecord<?, ?> record : records) {
			remaining.computeIfAbsent(new TopicPartition(record.topic(), record.partition()),
					(partition) -> consumer.currentLag(partition).orElse(UNKNOWN));
		}
		return remaining;
	}

	static RawRecord raw(ConsumerRecord<?, ?> record) {
		return new RawRecord(new Position(record.topic(), record.partition(), record.offset()),
				Instant.ofEpochMilli(record.timestamp()), (byte[]) record.key(), (byte[]) record.value(),
				headers(record.headers()), record.leaderEpoch().orElse(-1));
	}

	private static List<RawHeader> headers(Headers headers) {
		List<RawHeader> raw = new ArrayList<>();
		for (Header header : headers) {
			raw.add(new RawHeader(header.key(), header.value()));
		}
		return raw;
	}

}
