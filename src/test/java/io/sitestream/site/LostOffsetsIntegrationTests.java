package io.sitestream.site;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.TopicProbe;
import io.sitestream.kvstore.ReferenceInstance;
import io.sitestream.platform.Consumed;
import io.sitestream.platform.Position;
import io.sitestream.platform.RecordFormat;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The first law when the offsets of {@code applySiteCommands} are gone, and all commands
 * of seven days come again: each version of a site is on {@code site-metadata} once, in
 * order, but that the last batch of a partition, of which nobody has written down that it
 * was committed, may come twice; and what was stored but never published comes.
 */
class LostOffsetsIntegrationTests {

	private static final String BINDING = "/actuator/bindings/applySiteCommands-in-0";

	private static final List<String> SITES = List.of("bakery", "florist", "grocer", "joiner");

	private final TestSpace space = TestSpace.of("site");

	private final String commands = this.space.topicPrefix() + "site-commands";

	private ReferenceInstance instance;

	private ApiClient api;

	private TopicProbe probe;

	private Admin admin;

	@BeforeEach
	void start() {
		this.instance = ReferenceInstance.start(this.space.properties(), "site");
		this.api = this.instance.api();
		String servers = TestServers.kafka().address();
		this.probe = new TopicProbe(servers, this.space.topicPrefix());
		this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers));
	}

	@AfterEach
	void stop() {
		this.instance.close();
		this.probe.close();
		this.admin.close();
	}

	@Test
	void nothingOldIsPublishedAgainAndWhatWasNotPublishedIs() {
		SITES.forEach((site) -> write("POST", "/api/sites",
				"{\"siteId\":\"%s\",\"ownerId\":\"ann\",\"name\":\"S\"}".formatted(site)));
		for (int round = 0; round < 4; round++) {
			SITES.forEach((site) -> change(site));
		}
		assertThat(history()).allSatisfy((site, versions) -> assertThat(versions).containsExactly(1L, 2L, 3L, 4L, 5L))
			.hasSize(SITES.size());

		stopFunction();
		loseOffsets();
		startFunction();
		SITES.forEach((site) -> change(site));

		assertThat(history()).allSatisfy((site, versions) -> assertThat(versions).as(site)
			.isIn(List.of(1L, 2L, 3L, 4L, 5L, 6L), List.of(1L, 2L, 3L, 4L, 5L, 5L, 6L)));

		Map<String, List<Long>> before = history();
		stopFunction();
		storeWithoutPublishing("bakery");
		assertThat(history()).as("stored, not published").isEqualTo(before);
		loseOffsets();
		startFunction();
		change("bakery");

		assertThat(added("bakery", before)).isIn(List.of(7L, 8L), List.of(6L, 7L, 8L));
	}

	@Test
	void whatIsKnownOfATopicSaysNothingOfAnotherWithItsName() {
		write("POST", "/api/sites", "{\"siteId\":\"bakery\",\"ownerId\":\"ann\",\"name\":\"S\"}");
		IntStream.range(0, 5).forEach((i) -> change("bakery"));
		Map<String, List<Long>> before = history();

		stopFunction();
		get(this.admin.deleteTopics(List.of(this.commands)).all());
		await().atMost(Duration.ofSeconds(60))
			.ignoreExceptions()
			.until(() -> get(
					this.admin.createTopics(List.of(new NewTopic(this.commands, 6, (short) 1))).all()) == null);
		storeWithoutPublishing("bakery");
		IntStream.range(0, 20).forEach((i) -> append("bakery"));
		startFunction();

		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(added("bakery", before)).as("longer than the other one was")
				.containsExactlyElementsOf(LongStream.rangeClosed(7, 27).boxed().toList()));
	}

	/**
	 * Does what a process does that ends between the database's commit and Kafka's.
	 */
	private void storeWithoutPublishing(String site) {
		SiteCommand command = append(site);
		ConsumerRecord<byte[], byte[]> record = this.probe.committed("site-commands")
			.stream()
			.filter((one) -> TopicProbe.value(one).contains(command.commandId()))
			.findFirst()
			.orElseThrow();
		this.instance.context()
			.getBean(SiteCommands.class)
			.on(List.of(new Consumed<>(SiteTopics.SITE_COMMANDS, site, command, Map.of(),
					new Position(record.topic(), record.partition(), record.offset()), Instant.now())));
	}

	private SiteCommand append(String site) {
		String random = UUID.randomUUID().toString();
		SiteCommand command = new SiteCommand("c-" + random, site, null, null,
				new SiteChange.PutApp("app", null, random, InstalledApp.Status.ENABLED));
		this.probe.put("site-commands", site,
				new String(this.instance.context().getBean(RecordFormat.class).write(command), StandardCharsets.UTF_8));
		return command;
	}

	private void change(String site) {
		write("PUT", "/api/sites/%s/apps/app".formatted(site), "{\"version\":\"%s\"}".formatted(UUID.randomUUID()));
	}

	/** Waits for the outcome, so that each write is a batch of its own. */
	private void write(String method, String path, String body) {
		Answer answer = this.api.send(method, path, body, "Prefer", "wait=30");
		assertThat(answer.status()).as(answer.body()).isIn(200, 201);
	}

	private void stopFunction() {
		assertThat(this.api.post(BINDING, "{\"state\":\"STOPPED\"}").status()).isEqualTo(204);
	}

	private void startFunction() {
		assertThat(this.api.post(BINDING, "{\"state\":\"STARTED\"}").status()).isEqualTo(204);
	}

	private void loseOffsets() {
		await().atMost(Duration.ofSeconds(60))
			.ignoreExceptions()
			.until(() -> get(this.admin.deleteConsumerGroups(List.of(this.space.topicPrefix() + "apply-site-commands"))
				.all()) == null);
	}

	private List<Long> added(String site, Map<String, List<Long>> before) {
		List<Long> versions = history().get(site);
		return versions.subList(before.get(site).size(), versions.size());
	}

	/** All versions on the topic, long before compaction. */
	private Map<String, List<Long>> history() {
		Map<String, List<Long>> versions = new TreeMap<>();
		this.probe.committed("site-metadata")
			.forEach((record) -> versions
				.computeIfAbsent(new String(record.key(), StandardCharsets.UTF_8), (key) -> new ArrayList<>())
				.add(Long.valueOf(TopicProbe.header(record, SiteTopics.VERSION_HEADER))));
		return versions;
	}

	private static <T> T get(KafkaFuture<T> future) {
		try {
			return future.get();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
