package io.sitestream.platform.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Sends numbered words with several keys to {@code words}, and looks for them on
 * {@code copies} as a reader of committed records does.
 */
final class WordHistory implements AutoCloseable {

	private static final int KEYS = 5;

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	private final Admin admin;

	private final String prefix;

	private final KafkaProducer<byte[], byte[]> producer;

	private final KafkaConsumer<byte[], byte[]> consumer;

	private final List<Sent> sent = new ArrayList<>();

	private final Map<String, List<Integer>> visible = new TreeMap<>();

	private final int[] next = new int[KEYS];

	WordHistory(String servers, Admin admin, String prefix) {
		this.admin = admin;
		this.prefix = prefix;
		this.producer = new KafkaProducer<>(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers),
				new ByteArraySerializer(), new ByteArraySerializer());
		this.consumer = new KafkaConsumer<>(
				Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, servers, ConsumerConfig.ISOLATION_LEVEL_CONFIG,
						"read_committed", ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
				new ByteArrayDeserializer(), new ByteArrayDeserializer());
		this.consumer.assign(List.of(new TopicPartition(prefix + "copies", 0)));
	}

	/**
	 * Sends up to four words.
	 * @param random says how many, and with which keys
	 * @param small whether none of them is large
	 */
	void send(Random random, boolean small) {
		int count = 1 + random.nextInt(4);
		for (int i = 0; i < count; i++) {
			int key = random.nextInt(KEYS);
			int number = this.next[key]++;
			String padding = (small || i > 0) ? "" : padding(random);
			byte[] value = "{\"text\":\"%d%s\"}".formatted(number, padding).getBytes(StandardCharsets.UTF_8);
			this.sent.add(new Sent("key-" + key, number, this.producer.send(new ProducerRecord<>(this.prefix + "words",
					("key-" + key).getBytes(StandardCharsets.UTF_8), value))));
		}
		this.producer.flush();
	}

	/** Letters that no compression makes small. */
	private static String padding(Random random) {
		return random.ints(4 * Refusal.LARGEST, 'a', 'z')
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
	}

	/**
	 * Compares the group's offsets with what became visible: no word before a committed
	 * offset may be missing.
	 */
	void assertThatWhatIsCommittedIsVisible() {
		Map<TopicPartition, OffsetAndMetadata> committed = committed();
		List<Sent> expected = this.sent.stream().filter((word) -> {
			OffsetAndMetadata offset = committed.get(word.partition());
			return offset != null && word.offset() < offset.offset();
		}).toList();
		await("what is committed: " + committed).atMost(PATIENCE)
			.untilAsserted(() -> assertThat(missing(expected)).isEmpty());
	}

	void assertThatEachWordBecomesVisibleOnceAndInOrder() {
		await("all words").atMost(PATIENCE).untilAsserted(() -> assertThat(missing(this.sent)).isEmpty());
		Map<String, List<Integer>> expected = new TreeMap<>();
		IntStream.range(0, KEYS)
			.filter((key) -> this.next[key] > 0)
			.forEach((key) -> expected.put("key-" + key, IntStream.range(0, this.next[key]).boxed().toList()));
		assertThat(this.visible).isEqualTo(expected);
	}

	private List<Sent> missing(List<Sent> words) {
		this.consumer.poll(Duration.ofMillis(50))
			.forEach((record) -> this.visible
				.computeIfAbsent(new String(record.key(), StandardCharsets.UTF_8), (key) -> new ArrayList<>())
				.add(Integer.valueOf(new String(record.value(), StandardCharsets.UTF_8).replaceAll("\\D", ""))));
		Map<String, Set<Integer>> seen = new HashMap<>();
		this.visible.forEach((key, numbers) -> seen.put(key, Set.copyOf(numbers)));
		return words.stream()
			.filter((word) -> !seen.getOrDefault(word.key(), Set.of()).contains(word.number()))
			.toList();
	}

	private Map<TopicPartition, OffsetAndMetadata> committed() {
		try {
			return this.admin.listConsumerGroupOffsets(this.prefix + "copy-words")
				.partitionsToOffsetAndMetadata()
				.get();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("The broker does not say what is committed", ex);
		}
	}

	@Override
	public void close() {
		this.producer.close();
		this.consumer.close();
	}

	/**
	 * A word that was sent.
	 */
	private record Sent(String key, int number, Future<RecordMetadata> position) {

		TopicPartition partition() {
			return new TopicPartition(this.position.resultNow().topic(), this.position.resultNow().partition());
		}

		long offset() {
			return this.position.resultNow().offset();
		}

	}

}
