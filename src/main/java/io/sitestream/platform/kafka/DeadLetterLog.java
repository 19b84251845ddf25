package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

import io.sitestream.platform.Position;
import io.sitestream.platform.ProblemException;
import io.sitestream.platform.Server;
import io.sitestream.platform.modules.ConditionalOnServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Reads dead-letter topics, which have one partition, and forgets what was replayed.
 * Connects for each call: these are an operator's. Letters are counted by reading them,
 * since the offsets of transactions count markers too.
 */
@Component
@ConditionalOnServer(Server.KAFKA)
class DeadLetterLog {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	/** In bytes; one letter more may come on top. */
	static final long LARGEST_PAGE = 16L * 1024 * 1024;

	private final Map<String, Object> consumerConfig;

	private final Map<String, Object> adminConfig;

	DeadLetterLog(KafkaProperties kafka) {
		this.consumerConfig = new HashMap<>(kafka.buildConsumerProperties());
		this.consumerConfig.keySet()
			.removeAll(List.of(ConsumerConfig.GROUP_ID_CONFIG, ConsumerConfig.GROUP_INSTANCE_ID_CONFIG));
		this.consumerConfig.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
		this.consumerConfig.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
		// what was deleted is not to come back by being looked at
		this.consumerConfig.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
		this.consumerConfig.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
		this.adminConfig = kafka.buildAdminProperties();
	}

	long count(String topic) {
		long[] count = { 0 };
		read(topic, -1, (record) -> {
			count[0]++;
			return true;
		});
		return count[0];
	}

	/**
	 * Reads letters, oldest first.
	 * @param topic the full name of the topic
	 * @param after the offset of the letter before the first one wanted, or -1
	 * @param most how many to read at most
	 * @return the letters; fewer, but at least two, where these are {@link #isFull full}
	 */
	List<ConsumerRecord<byte[], byte[]>> read(String topic, long after, int most) {
		List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
		read(topic, after, (record) -> {
			records.add(record);
			return records.size() < most && !isFull(records);
		});
		return records;
	}

	/**
	 * Looks for the record that a letter was made of.
	 * @param position where it was
	 * @return the record that lies there now
	 * @throws ProblemException 503 {@code broker-unavailable}
	 */
	Optional<ConsumerRecord<byte[], byte[]>> original(Position position) {
		List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
		try {
			read(new TopicPartition(position.topic(), position.partition()), position.offset() - 1, (record) -> {
				found.add(record);
				return false;
			});
		}
		catch (ProblemException ex) {
			if (ex.problem().status() != HttpStatus.NOT_FOUND.value()) {
				throw ex;
			}
		}
		return found.stream().filter((record) -> record.offset() == position.offset()).findFirst();
	}

	/**
	 * Whether letters are so large that no more are read with them.
	 * @param records the letters
	 * @return whether they have {@link #LARGEST_PAGE} bytes
	 */
	boolean isFull(List<ConsumerRecord<byte[], byte[]>> records) {
		return records.size() > 1
				&& records.stream().mapToLong(ConsumerRecord::serializedValueSize).sum() >= LARGEST_PAGE;
	}

	/**
	 * Forgets letters for good.
	 * @param topic the full name of the topic
	 * @param last the offset of the last letter to forget; all before it are forgotten
	 * too
	 */
	void forget(String topic, long last) {
		try (Admin admin = Admin.create(this.adminConfig)) {
			admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(last + 1)))
				.all()
				.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw unforgotten(topic, ex);
		}
		catch (ExecutionException | TimeoutException ex) {
			throw unforgotten(topic, ex);
		}
	}

	private void read(String topic, long after, Predicate<ConsumerRecord<byte[], byte[]>> reader) {
		read(new TopicPartition(topic, 0), after, reader);
	}

	private void read(TopicPartition partition, long after, Predicate<ConsumerRecord<byte[], byte[]>> reader) {
		try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(this.consumerConfig,
				new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
			requireExisting(partition, consumer);
			consumer.assign(Set.of(partition));
			long beginning = consumer.beginningOffsets(Set.of(partition)).getOrDefault(partition, 0L);
			long end = consumer.endOffsets(Set.of(partition)).getOrDefault(partition, 0L);
			consumer.seek(partition, Math.max(after + 1, beginning));
			long deadline = System.nanoTime() + PATIENCE.toNanos();
			int read = 0;
			boolean more = true;
			while (consumer.position(partition) < end && more) {
				if (System.nanoTime() > deadline) {
					throw new KafkaException("%d records read in %s".formatted(read, PATIENCE));
				}
				for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
					if (record.offset() < end && more) {
						more = reader.test(record);
						read++;
					}
				}
			}
		}
		catch (KafkaException ex) {
			throw new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, "broker-unavailable",
					"Records of '%s' could not be read: %s. Nothing was changed: try again."
						.formatted(partition.topic(), ex.getMessage()),
					ex);
		}
	}

	private static void requireExisting(TopicPartition partition, Consumer<?, ?> consumer) {
		if (consumer.partitionsFor(partition.topic()).size() <= partition.partition()) {
			throw new ProblemException(HttpStatus.NOT_FOUND, "missing-dead-letter-topic",
					"Topic '%s' does not exist in Kafka, so its dead letters are gone. It is created again with the next one, where sitestream.topics.create is true."
						.formatted(partition.topic()));
		}
	}

	private static ProblemException unforgotten(String topic, Exception cause) {
		return new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, "broker-unavailable",
				"Dead letters of '%s' were replayed, but Kafka did not delete them in time: they may come again."
					.formatted(topic),
				cause);
	}

}
