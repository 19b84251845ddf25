package io.sitestream.platform.kafka;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.sitestream.TopicProbe;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a topic refuses of a function's own records, with a transaction and without.
 */
class RefusedEmissionsIntegrationTests extends DeadLettersFixture {

	private static final int WORDS = 100;

	private static final int LARGE = 60;

	private final String run = UUID.randomUUID().toString();

	@Autowired
	FunctionContainers containers;

	@AfterEach
	void takeEverything() throws Exception {
		largest("copies", OpType.DELETE);
		largest("shouts", OpType.DELETE);
	}

	@ParameterizedTest
	@CsvSource({ "words, copies, copyWords", "calls, shouts, shoutWords" })
	void aRecordWhoseEmissionIsTooLargeHoldsUpItsPartitionAlone(String input, String output, String function)
			throws Exception {
		largest(output, OpType.SET);
		AbstractMessageListenerContainer<?, ?> container = this.containers.containers().get(function + "-in-0");
		container.pause();
		await().atMost(PATIENCE).until(container::isContainerPaused);
		for (int i = 0; i < WORDS; i++) {
			this.probe.send(input, key(0), word(0, i, (i == LARGE) ? letters() : ""));
			this.probe.send(input, key(1), word(1, i, ""));
		}
		this.probe.flush();
		container.resume();

		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(said(output)).containsAll(words(0, 0, LARGE))
				.containsAll(words(1, 0, WORDS))
				// without a transaction the first try has sent those behind it
				.doesNotContainAnyElementsOf(words(0, LARGE, output.equals("copies") ? WORDS : LARGE + 1)));
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.api.get("/actuator/health").json().findValue(function).toString())
				.contains("\"stalled\":[{", "RecordTooLargeException", "\"" + output + "\""));
		this.probe.put(input, key(1), word(1, WORDS, ""));
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(said(output)).containsAll(words(1, WORDS, WORDS + 1)));

		largest(output, OpType.DELETE);

		await().atMost(PATIENCE).untilAsserted(() -> assertThat(said(output)).containsAll(words(0, LARGE, WORDS)));
		if (output.equals("copies")) {
			assertThat(said(output).stream().filter((word) -> word.startsWith("0-"))).isEqualTo(words(0, 0, WORDS));
			assertThat(said(output)).containsAll(words(1, 0, WORDS + 1)).hasSize(2 * WORDS + 1);
		}
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.api.get("/actuator/health").json().findValue(function).toString())
				.doesNotContain("stalled"));
	}

	/** What was said in this test, in order, without the letters of the large word. */
	private List<String> said(String output) {
		return this.probe.committed(output)
			.stream()
			.filter((record) -> new String(record.key(), StandardCharsets.UTF_8).startsWith(this.run))
			.map((record) -> TopicProbe.value(record).replaceAll("[^0-9-]", ""))
			.toList();
	}

	private static List<String> words(int partition, int from, int to) {
		return IntStream.range(from, to).mapToObj((number) -> partition + "-" + number).toList();
	}

	private static String word(int partition, int number, String letters) {
		return "{\"text\":\"%d-%d%s\"}".formatted(partition, number, letters);
	}

	/** A key whose records go to a partition. */
	private String key(int partition) {
		return Stream.iterate(0, (i) -> i + 1)
			.map((i) -> this.run + "/" + i)
			.filter((key) -> Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % 2 == partition)
			.findFirst()
			.orElseThrow();
	}

	private static String letters() {
		return new Random(1).ints(5_000, 'a', 'z')
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
	}

	private void largest(String topic, OpType what) throws Exception {
		try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, this.servers))) {
			admin
				.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, this.prefix + topic), List
					.of(new AlterConfigOp(new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "2000"), what))))
				.all()
				.get();
		}
	}

}
