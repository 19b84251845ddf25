package io.sitestream.lambda;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Does for a topic what an event source mapping of AWS Lambda does: polls in the group of
 * the function, hands batches over as events, commits what was processed, and hands over
 * again what was not: the whole batch when the call failed, or what the answer names.
 */
final class EventSourceMapping implements AutoCloseable {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private final KafkaConsumer<byte[], byte[]> consumer;

	private final KafkaEventJson source;

	private final Lambda lambda;

	/**
	 * Creates a mapping, which polls nothing by itself.
	 * @param kafka where Kafka is
	 * @param topic the topic's full name
	 * @param group the group's full name
	 * @param batchSize the most records in an event
	 * @param source the kind of event source
	 * @param lambda the function
	 */
	EventSourceMapping(String kafka, String topic, String group, int batchSize, KafkaEventJson source, Lambda lambda) {
		this.source = source;
		this.lambda = lambda;
		this.consumer = new KafkaConsumer<>(
				Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka, ConsumerConfig.GROUP_ID_CONFIG, group,
						ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false, ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
						"earliest", ConsumerConfig.MAX_POLL_RECORDS_CONFIG, batchSize),
				new ByteArrayDeserializer(), new ByteArrayDeserializer());
		this.consumer.subscribe(List.of(topic));
	}

	/**
	 * Hands over one batch, if there is one.
	 * @return what became of it
	 */
	Outcome next() {
		ConsumerRecords<byte[], byte[]> polled = this.consumer.poll(Duration.ofMillis(500));
		List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
		polled.forEach(records::add);
		if (records.isEmpty()) {
			return new Outcome(0, Map.of());
		}
		Map<TopicPartition, Long> again = again(polled, call(records));
		Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
		polled.partitions()
			.forEach((partition) -> done.put(partition, new OffsetAndMetadata(
					again.getOrDefault(partition, polled.records(partition).getLast().offset() + 1))));
		this.consumer.commitSync(done);
		again.forEach(this.consumer::seek);
		return new Outcome(records.size(), again);
	}

	/** Lets everything that the topic still has come again. */
	void rewind() {
		this.consumer.seekToBeginning(this.consumer.assignment());
	}

	private JsonNode call(List<ConsumerRecord<byte[], byte[]>> records) {
		try {
			return MAPPER.readTree(this.lambda.call(this.source.of(records)));
		}
		catch (Exception ex) {
			return MAPPER.missingNode();
		}
	}

	private static Map<TopicPartition, Long> again(ConsumerRecords<byte[], byte[]> polled, JsonNode answer) {
		Map<TopicPartition, Long> again = new HashMap<>();
		for (TopicPartition partition : polled.partitions()) {
			if (answer.isMissingNode()) {
				again.put(partition, polled.records(partition).getFirst().offset());
			}
			answer.at("/batchItemFailures").forEach((failure) -> {
				JsonNode item = failure.at("/itemIdentifier");
				if (item.at("/partition").asString().equals(partition.toString())) {
					again.put(partition, item.at("/offset").asLong());
				}
			});
		}
		return again;
	}

	@Override
	public void close() {
		this.consumer.close();
	}

	/**
	 * The function of the mapping.
	 */
	interface Lambda {

		byte[] call(byte[] event) throws Exception;

	}

	/**
	 * What became of a batch.
	 *
	 * @param records how many records it had
	 * @param again partitions that will be handed over again, and from where
	 */
	record Outcome(int records, Map<TopicPartition, Long> again) {

	}

}
