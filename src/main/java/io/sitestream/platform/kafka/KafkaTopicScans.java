package io.sitestream.platform.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.Topic;
import io.sitestream.platform.TopicNames;
import io.sitestream.platform.TopicScan;
import io.sitestream.platform.TopicScans;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import org.springframework.boot.kafka.autoconfigure.KafkaProperties;

/**
 * Scans with consumers of their own.
 */
final class KafkaTopicScans implements TopicScans {

	private final Map<String, Object> config;

	private final TopicNames names;

	private final RecordFormat format;

	KafkaTopicScans(KafkaProperties kafka, TopicNames names, RecordFormat format) {
		this.names = names;
		this.format = format;
		this.config = new HashMap<>(kafka.buildConsumerProperties());
		this.config.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
		this.config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
		this.config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
		this.config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
		this.config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
		this.config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
		this.config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3_000);
		this.config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 15_000);
	}

	@Override
	public <T> TopicScan<T> open(Topic<T> topic, String group) {
		Map<String, Object> config = new HashMap<>(this.config);
		config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
		KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(),
				new ByteArrayDeserializer());
		consumer.subscribe(List.of(this.names.of(topic)));
		return new KafkaTopicScan<>(consumer, new RecordReader<>(Map.of(this.names.of(topic), topic), this.format));
	}

}
