package io.sitestream.platform.kafka;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.MeterRegistry;
import io.sitestream.ApiClient.Answer;
import io.sitestream.platform.Emission;
import io.sitestream.platform.UnprocessableRecordException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.contributor.Status;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Dead letters that their topic does not take: the record waits alone, or its letter is
 * shortened, and everything else goes on.
 */
class RefusedDeadLettersIntegrationTests extends DeadLettersFixture {

	private static final int LARGE = 6_000_000;

	@Autowired
	FunctionContainers containers;

	@Autowired
	FunctionsHealth health;

	@Autowired
	MeterRegistry metrics;

	Admin admin;

	@BeforeEach
	void connect() {
		this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, this.servers));
	}

	@AfterEach
	void disconnect() throws Exception {
		limit("words.copy-words.dlq", RecordWriter.LARGEST_LETTER);
		limit("calls.shout-words.dlq", RecordWriter.LARGEST_LETTER);
		this.admin.close();
	}

	@ParameterizedTest
	@CsvSource({ "words, copies, words.copy-words.dlq", "calls, shouts, calls.shout-words.dlq" })
	void aLetterThatIsTooLargeIsKeptShortenedAndReplayedWhole(String input, String output, String topic)
			throws Exception {
		WordFunctions.Script script = script(input);
		script.now((words) -> {
			words.stream().filter((word) -> word.required().text().length() > 1_000).findFirst().ifPresent((word) -> {
				throw new UnprocessableRecordException(word.position(), "Nobody says that.");
			});
			return script.passOn(words);
		});

		RecordMetadata large = putCompressed(input, "large", "{\"text\":\"%s\"}".formatted("a".repeat(LARGE)));
		this.probe.put(input, "large", "{\"text\":\"behind %s\"}".formatted(input));

		await().atMost(PATIENCE)
			.untilAsserted(
					() -> assertThat(this.probe.committedValues(output)).anyMatch((word) -> word.contains("behind")));
		assertThat(count(topic)).isEqualTo(1);
		JsonNode letter = this.api.get("/actuator/deadletters/" + this.prefix + topic).json().at("/items/0");
		assertThat(letter.at("/position/offset").asLong()).isEqualTo(large.offset());
		assertThat(letter.at("/cause").asString()).isEqualTo("Nobody says that.");
		assertThat(letter.at("/shortenedFrom").asLong()).isEqualTo(LARGE + 11);
		assertThat(letter.at("/value").asString()).startsWith("{\"text\":\"aaa").hasSize(64 * 1024);
		assertThat(new String(
				this.letters.read(this.prefix + topic, -1, 1).getFirst().headers().lastHeader("x-shortened").value(),
				StandardCharsets.UTF_8))
			.isEqualTo("value");
		script.now((words) -> words.stream()
			.map((word) -> Emission.of(output.equals("copies") ? WordFunctions.COPIES : WordFunctions.SHOUTS,
					word.key(), new WordFunctions.Word("replayed " + word.required().text().length())))
			.toList());
		assertThat(replay(topic, 10)).isEqualTo("{\"replayed\":1,\"left\":0}");
		assertThat(this.probe.committedValues(output)).contains("{\"text\":\"replayed %d\"}".formatted(LARGE));
	}

	@ParameterizedTest
	@CsvSource({ "words, words.copy-words.dlq", "calls, calls.shout-words.dlq" })
	void theReplayOfAShortenedLetterWhoseRecordIsGoneIsRefused(String input, String topic) throws Exception {
		RecordMetadata large = putCompressed(input, "large", "\0".repeat(LARGE));
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(count(topic)).isEqualTo(1));
		this.admin
			.deleteRecords(Map.of(new TopicPartition(large.topic(), large.partition()),
					RecordsToDelete.beforeOffset(large.offset() + 1)))
			.all()
			.get();

		Answer refused = this.api.post("/actuator/deadletters/" + this.prefix + topic, "{\"action\":\"replay\"}");

		assertThat(refused.status()).isEqualTo(409);
		assertThat(refused.json().at("/type").asString()).isEqualTo("urn:sitestream:problem:original-gone");
		assertThat(refused.json().at("/detail").asString()).contains(large.topic(), "no longer there");
		assertThat(count(topic)).isEqualTo(1);
	}

	@ParameterizedTest
	@CsvSource({ "words, copies, words.copy-words.dlq, copyWords", "calls, shouts, calls.shout-words.dlq, shoutWords" })
	void aRecordThatCanNeitherBeProcessedNorKeptWaitsAlone(String input, String output, String topic, String function)
			throws Exception {
		double stalls = stalls(function);
		limit(topic, 100);
		AbstractMessageListenerContainer<?, ?> container = this.containers.containers().get(function + "-in-0");
		container.pause();
		await().atMost(PATIENCE).until(container::isContainerPaused);
		List<String> names = IntStream.range(0, 6).mapToObj((i) -> input + " word " + i).toList();
		say(input, 0, names.get(0));
		RecordMetadata bad = send(input, 0, "{");
		say(input, 0, names.get(1));
		say(input, 1, names.get(2));
		RecordMetadata last = say(input, 1, names.get(3));
		container.resume();

		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(said(output, names)).contains(names.get(0), names.get(2), names.get(3)));
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(committed(function)).containsEntry(partition(bad), bad.offset())
				.containsEntry(partition(last), last.offset() + 1));
		RecordMetadata more = say(input, 1, names.get(4));
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(committed(function)).containsEntry(partition(more), more.offset() + 1));
		assertThat(committed(function)).containsEntry(partition(bad), bad.offset());
		assertThat(said(output, names)).containsExactlyInAnyOrder(names.get(0), names.get(2), names.get(3),
				names.get(4));
		assertThat(script(input).calls).as("both partitions in one poll")
			.anyMatch((words) -> words.containsAll(List.of(names.get(1), names.get(2))));
		assertThat(this.health.health().getStatus()).isEqualTo(Status.DOWN);
		assertThat(this.health.health().getDetails().get(function).toString()).contains("stalled", this.prefix + topic,
				bad.topic() + "-0@" + bad.offset(), "size=1", "at most 100 bytes");
		assertThat(stalls(function) - stalls).isEqualTo(1);
		assertThat(this.metrics.get("sitestream.function.stalled").tag("function", function).gauge().value())
			.isEqualTo(1);

		restart(container);
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(stalls(function) - stalls).isEqualTo(2));
		limit(topic, RecordWriter.LARGEST_LETTER);

		await().atMost(PATIENCE).untilAsserted(() -> assertThat(said(output, names)).contains(names.get(1)));
		assertThat(said(output, names)).containsExactlyInAnyOrder(names.get(0), names.get(1), names.get(2),
				names.get(3), names.get(4));
		assertThat(count(topic)).isEqualTo(1);
		assertThat(this.metrics.get("sitestream.function.stalled").tag("function", function).gauge().value()).isZero();
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(this.health.health().getStatus()).isEqualTo(Status.UP));
	}

	@ParameterizedTest
	@CsvSource({ "words, copies, words.copy-words.dlq", "calls, shouts, calls.shout-words.dlq" })
	void aDeadLetterTopicThatWasDeletedIsNamedAndMadeAgain(String input, String output, String topic) throws Exception {
		this.probe.put(input, "k", "{");
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(count(topic)).isEqualTo(1));
		this.admin.deleteTopics(List.of(this.prefix + topic)).all().get();

		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.api.get("/actuator/deadletters").json().propertyNames())
				.containsExactly(this.prefix + other(topic), "missing"));
		Answer counts = this.api.get("/actuator/deadletters");
		assertThat(counts.status()).isEqualTo(200);
		assertThat(counts.json().at("/" + this.prefix + other(topic)).isIntegralNumber()).isTrue();
		assertThat(counts.json().at("/missing/" + this.prefix + topic).asString()).contains("does not exist");
		assertThat(this.api.get("/actuator/deadletters/" + this.prefix + topic).json().at("/type").asString())
			.isEqualTo("urn:sitestream:problem:missing-dead-letter-topic");

		this.probe.put(input, "k", "[");
		this.probe.put(input, "k", "{\"text\":\"after the deletion of %s\"}".formatted(topic));

		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(said(output, List.of("after the deletion of " + topic))).hasSize(1));
		assertThat(count(topic)).isEqualTo(1);
		ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, this.prefix + topic);
		assertThat(this.admin.describeConfigs(List.of(resource))
			.all()
			.get()
			.get(resource)
			.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)
			.value()).isEqualTo(Integer.toString(RecordWriter.LARGEST_LETTER));
	}

	private static String other(String topic) {
		return topic.startsWith("words") ? "calls.shout-words.dlq" : "words.copy-words.dlq";
	}

	private double stalls(String function) {
		return this.metrics.get("sitestream.function.stalls").tag("function", function).counter().count();
	}

	private void restart(AbstractMessageListenerContainer<?, ?> container) {
		container.stop();
		await().atMost(PATIENCE).until(() -> !container.isRunning());
		container.start();
	}

	private void limit(String topic, int bytes) throws ExecutionException, InterruptedException {
		this.admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, this.prefix + topic),
				Set.of(new AlterConfigOp(new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(bytes)),
						AlterConfigOp.OpType.SET))))
			.all()
			.get();
	}

	private Map<TopicPartition, Long> committed(String function) throws ExecutionException, InterruptedException {
		String group = this.prefix + (function.equals("copyWords") ? "copy-words" : "shout-words");
		Map<TopicPartition, OffsetAndMetadata> offsets = this.admin.listConsumerGroupOffsets(group)
			.partitionsToOffsetAndMetadata()
			.get();
		return offsets.entrySet()
			.stream()
			.collect(Collectors.toMap(Map.Entry::getKey, (entry) -> entry.getValue().offset()));
	}

	private static TopicPartition partition(RecordMetadata metadata) {
		return new TopicPartition(metadata.topic(), metadata.partition());
	}

	private List<String> said(String output, List<String> words) {
		return this.probe.committedValues(output)
			.stream()
			.map((json) -> json.replaceAll(".*:\"(.*)\".*", "$1"))
			.filter(words::contains)
			.toList();
	}

	private RecordMetadata say(String topic, int partition, String word)
			throws ExecutionException, InterruptedException {
		return send(topic, partition, "{\"text\":\"%s\"}".formatted(word));
	}

	private RecordMetadata send(String topic, int partition, String value)
			throws ExecutionException, InterruptedException {
		return putCompressed(topic, key(partition), value);
	}

	private static String key(int partition) {
		return IntStream.range(0, 100)
			.mapToObj((i) -> "key" + i)
			.filter((key) -> Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % 2 == partition)
			.findFirst()
			.orElseThrow();
	}

	private RecordMetadata putCompressed(String topic, String key, String value)
			throws ExecutionException, InterruptedException {
		try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
				Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, this.servers, ProducerConfig.COMPRESSION_TYPE_CONFIG,
						"gzip", ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 16 * 1024 * 1024),
				new ByteArraySerializer(), new ByteArraySerializer())) {
			return producer
				.send(new ProducerRecord<>(this.prefix + topic, key.getBytes(StandardCharsets.UTF_8),
						value.getBytes(StandardCharsets.UTF_8)))
				.get();
		}
	}

}
