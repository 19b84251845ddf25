package io.sitestream.platform.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import io.sitestream.platform.ExclusiveEmitter;
import io.sitestream.platform.ExclusiveEmitters;
import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.Topic;
import io.sitestream.platform.TopicNames;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Takes names over.
 */
final class KafkaExclusiveEmitters implements ExclusiveEmitters {

	/** How many records before the end of the marks are looked at first. */
	private static final long LOOK_BACK = 100;

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final Map<String, Object> producerConfig;

	private final Map<String, Object> consumerConfig;

	private final TopicNames names;

	private final RecordFormat format;

	private final RecordWriter writer;

	KafkaExclusiveEmitters(Map<String, Object> producerConfig, Map<String, Object> consumerConfig, TopicNames names,
			RecordFormat format, RecordWriter writer) {
		this.producerConfig = producerConfig;
		this.consumerConfig = new HashMap<>(consumerConfig);
		this.consumerConfig.keySet().remove(ConsumerConfig.GROUP_ID_CONFIG);
		this.consumerConfig.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
		this.consumerConfig.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
		this.names = names;
		this.format = format;
		this.writer = writer;
	}

	@Override
	public <T> ExclusiveEmitter<T> takeOver(String name, Topic<T> marks) {
		Map<String, Object> config = new HashMap<>(this.producerConfig);
		config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "sitestream-" + this.names.of(marks) + "-" + name);
		Producer<byte[], byte[]> producer = new KafkaProducer<>(config, new ByteArraySerializer(),
				new ByteArraySerializer());
		try {
			producer.initTransactions();
			return new KafkaExclusiveEmitter<>(name, marks, last(name, marks), producer, this.writer);
		}
		catch (RuntimeException ex) {
			producer.close(Duration.ZERO);
			throw ex;
		}
	}

	/**
	 * Looks from the end backwards, since compaction leaves the newest part of the topic
	 * alone, and that may be long.
	 */
	private <T> Optional<T> last(String name, Topic<T> marks) {
		TopicPartition partition = new TopicPartition(this.names.of(marks), 0);
		try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(this.consumerConfig, new ByteArrayDeserializer(),
				new ByteArrayDeserializer())) {
			consumer.assign(List.of(partition));
			long begin = Objects.requireNonNull(consumer.beginningOffsets(List.of(partition)).get(partition));
			long end = Objects.requireNonNull(consumer.endOffsets(List.of(partition)).get(partition));
			Optional<byte[]> found = Optional.empty();
			for (long back = LOOK_BACK, from = end; found.isEmpty() && from > begin; back *= 4) {
				from = Math.max(begin, end - back);
				consumer.seek(partition, from);
				found = lastUntil(end, name, consumer, partition);
			}
			return found.map((value) -> this.format.read(value, marks.type()));
		}
	}

	private static Optional<byte[]> lastUntil(long end, String name, Consumer<byte[], byte[]> consumer,
			TopicPartition partition) {
		byte[] key = name.getBytes(StandardCharsets.UTF_8);
		byte[] found = null;
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (consumer.position(partition) < end) {
			if (System.nanoTime() > deadline) {
				throw new TimeoutException("The last mark of '%s' was not read within %s".formatted(name, PATIENCE));
			}
			for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
				if (Arrays.equals(record.key(), key)) {
					found = record.value();
				}
			}
		}
		return Optional.ofNullable(found);
	}

}
