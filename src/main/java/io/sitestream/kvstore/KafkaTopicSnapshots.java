package io.sitestream.kvstore;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.sitestream.platform.Position;
import io.sitestream.platform.ProblemException;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.Topic;
import io.sitestream.platform.TopicEnds;
import io.sitestream.platform.TopicNames;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Reads through a consumer of its own, which lives as long as the call.
 */
@Component
class KafkaTopicSnapshots implements TopicSnapshots {

	private static final Duration POLL = Duration.ofMillis(100);

	private final TopicNames names;

	private final TopicEnds ends;

	private final RecordFormat format;

	private final Map<String, Object> config;

	KafkaTopicSnapshots(TopicNames names, TopicEnds ends, RecordFormat format, KafkaProperties kafka) {
		this.names = names;
		this.ends = ends;
		this.format = format;
		this.config = new HashMap<>(kafka.buildConsumerProperties());
		this.config.keySet()
			.removeAll(List.of(ConsumerConfig.GROUP_ID_CONFIG, ConsumerConfig.GROUP_INSTANCE_ID_CONFIG));
		this.config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
		this.config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
		this.config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
		// closing waits for the last fetch, which waits for records that nobody wants
		this.config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
	}

	@Override
	public <V> TopicSnapshot<V> read(Topic<V> topic, Duration timeout) {
		long deadline = System.nanoTime() + timeout.toNanos();
		Map<Integer, Long> wanted = this.ends.endOffsets(topic, timeout);
		StoreContents<V> contents = new StoreContents<>(topic.name(), topic, Codec.json(this.format, topic.type()),
				false);
		Map<Integer, Long> positions = new TreeMap<>();
		try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(this.config, new ByteArrayDeserializer(),
				new ByteArrayDeserializer())) {
			List<TopicPartition> partitions = wanted.keySet()
				.stream()
				.map((partition) -> new TopicPartition(this.names.of(topic), partition))
				.toList();
			consumer.assign(partitions);
			consumer.seekToBeginning(partitions);
			while (!isRead(consumer, partitions, wanted, positions)) {
				if (System.nanoTime() > deadline) {
					throw new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, "store-behind",
							"Topic '%s' was read up to %s, not yet up to %s, after %d ms: try again."
								.formatted(topic.name(), positions, wanted, timeout.toMillis()));
				}
				consumer.poll(POLL).forEach((record) -> contents.apply(raw(record), true));
			}
		}
		return new TopicSnapshot<>(contents.entries().all(), positions);
	}

	private static boolean isRead(Consumer<?, ?> consumer, List<TopicPartition> partitions, Map<Integer, Long> wanted,
			Map<Integer, Long> positions) {
		partitions.forEach((partition) -> positions.put(partition.partition(), consumer.position(partition)));
		return wanted.entrySet().stream().allMatch((end) -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
	}

	private static RawRecord raw(ConsumerRecord<byte[], byte[]> record) {
		return new RawRecord(new Position(record.topic(), record.partition(), record.offset()),
				Instant.ofEpochMilli(record.timestamp()), record.key(), record.value(), Map.of(),
				record.leaderEpoch().orElse(-1));
	}

}
