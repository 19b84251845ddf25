package io.sitestream;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at topics, and writes to them, from outside of the application.
 */
public final class TopicProbe implements AutoCloseable {

	private final String servers;

	private final String prefix;

	private final KafkaProducer<byte[], byte[]> producer;

	/**
	 * Creates a probe.
	 * @param servers where Kafka is
	 * @param prefix the prefix of all topics
	 */
	public TopicProbe(String servers, String prefix) {
		this.servers = servers;
		this.prefix = prefix;
		this.producer = new KafkaProducer<>(
				Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers, ProducerConfig.LINGER_MS_CONFIG, 20),
				new ByteArraySerializer(), new ByteArraySerializer());
	}

	/**
	 * Sends without waiting, so that many records come in one poll.
	 * @param topic the topic without prefix
	 * @param key the key
	 * @param value the value, {@code null} for a tombstone
	 */
	public void send(String topic, String key, @Nullable String value) {
		this.producer.send(new ProducerRecord<>(this.prefix + topic, key.getBytes(StandardCharsets.UTF_8),
				(value != null) ? value.getBytes(StandardCharsets.UTF_8) : null));
	}

	/**
	 * Sends a record as it is, without waiting.
	 * @param record a record whose topic has the prefix
	 */
	public void send(ProducerRecord<byte[], byte[]> record) {
		this.producer.send(record);
	}

	public void flush() {
		this.producer.flush();
	}

	/**
	 * Reads all that is visible to a reader of committed records.
	 * @param topic the topic without prefix
	 * @return the records, those of one partition in order
	 */
	public List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
		return read(topic, "read_committed");
	}

	/**
	 * Reads all that lies there, aborted transactions included.
	 * @param topic the topic without prefix
	 * @return the records, those of one partition in order
	 */
	public List<ConsumerRecord<byte[], byte[]>> uncommitted(String topic) {
		return read(topic, "read_uncommitted");
	}

	public List<String> committedValues(String topic) {
		return committed(topic).stream().map(TopicProbe::value).toList();
	}

	public static String value(ConsumerRecord<byte[], byte[]> record) {
		return (record.value() != null) ? new String(record.value(), StandardCharsets.UTF_8) : "";
	}

	public static String header(ConsumerRecord<byte[], byte[]> record, String name) {
		return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
	}

	/**
	 * Where a topic ends, what is not committed included.
	 * @param topic the topic without prefix
	 * @return the offsets at which the next records go
	 */
	public Map<TopicPartition, Long> ends(String topic) {
		try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_uncommitted")) {
			return consumer.endOffsets(partitions(topic, consumer));
		}
	}

	private KafkaConsumer<byte[], byte[]> consumer(String isolation) {
		return new KafkaConsumer<>(Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, this.servers,
				ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation), new ByteArrayDeserializer(),
				new ByteArrayDeserializer());
	}

	private List<TopicPartition> partitions(String topic, KafkaConsumer<?, ?> consumer) {
		return consumer.partitionsFor(this.prefix + topic)
			.stream()
			.map((info) -> new TopicPartition(info.topic(), info.partition()))
			.toList();
	}

	private List<ConsumerRecord<byte[], byte[]>> read(String topic, String isolation) {
		try (KafkaConsumer<byte[], byte[]> consumer = consumer(isolation)) {
			List<TopicPartition> partitions = partitions(topic, consumer);
			consumer.assign(partitions);
			consumer.seekToBeginning(partitions);
			Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
			List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
			while (partitions.stream().anyMatch((partition) -> consumer.position(partition) < ends.get(partition))) {
				consumer.poll(Duration.ofMillis(200)).forEach(records::add);
			}
			return records;
		}
	}

	/**
	 * Sends one record and waits for it.
	 * @param topic the topic without prefix
	 * @param key the key
	 * @param value the value, {@code null} for a tombstone
	 */
	public void put(String topic, String key, @Nullable String value) {
		try {
			this.producer
				.send(new ProducerRecord<>(this.prefix + topic, key.getBytes(StandardCharsets.UTF_8),
						(value != null) ? value.getBytes(StandardCharsets.UTF_8) : null))
				.get();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("Cannot send to " + topic, ex);
		}
	}

	@Override
	public void close() {
		this.producer.close();
	}

}
