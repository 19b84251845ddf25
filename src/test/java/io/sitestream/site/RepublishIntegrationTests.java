package io.sitestream.site;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamTest;
import io.sitestream.TestServers;
import io.sitestream.TopicProbe;
import io.sitestream.platform.Consumed;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Position;
import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.TopicNames;
import io.sitestream.site.InstalledApp.Status;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SitestreamTest(modules = "site")
class RepublishIntegrationTests {

	private final String site = "site-" + UUID.randomUUID();

	@LocalServerPort
	int port;

	@Autowired
	SiteCommands commands;

	@Autowired
	SiteStore store;

	@Autowired
	SiteChanges changes;

	@Autowired
	TransactionOperations transactions;

	@Autowired
	RecordFormat format;

	@Autowired
	PublishedCommands published;

	@Autowired
	JdbcClient jdbc;

	@Autowired
	TopicNames names;

	ApiClient api;

	@BeforeEach
	void connect() {
		this.api = new ApiClient(this.port);
	}

	@Test
	void sendsTheSameBytesAndTheSameVersionAgain() {
		SiteChange put = put("chat");
		List<Emission> changed = this.commands.on(List.of(command(0, create()), command(1, put)));

		List<Emission> again = this.commands.on(List.of(command(2, republish()), command(3, republish())));

		assertThat(again).singleElement().satisfies((emission) -> {
			assertThat(emission.topic()).isEqualTo(SiteTopics.SITE_METADATA);
			assertThat(emission.key()).isEqualTo(this.site);
			assertThat(emission.headers()).isEqualTo(changed.get(2).headers()).containsEntry("ce_siteversion", "2");
			assertThat((byte[]) emission.value())
				.isEqualTo(this.store.values(List.of(this.site)).getFirst().json().getBytes(UTF_8));
		});
		assertThat(this.store.ledger(List.of(id(2), id(3)))).isEmpty();
	}

	@Test
	void sendsNothingForASiteThatIsGoneOrNeverWas() {
		this.commands.on(List.of(command(0, create()), command(1, new SiteChange.Delete())));

		assertThat(this.commands.on(List.of(command(2, republish()), command(3, "nobody", republish())))).isEmpty();
	}

	@Test
	void leavesASiteToTheChangeThatComesAfterItInTheBatch() {
		this.commands.on(List.of(command(0, create())));
		List<Consumed<SiteCommand>> batch = List.of(command(1, put("chat")), command(2, republish()),
				command(3, put("store")), command(4, put("blog")));

		assertThat(versions(this.commands.on(batch))).containsExactly("2", "3", "4");

		assertThat(versions(this.commands.on(batch))).as("redelivered").containsExactly("2", "3", "4");
		List<String> inPieces = new ArrayList<>();
		batch.forEach((record) -> inPieces.addAll(versions(this.commands.on(List.of(record)))));
		assertThat(inPieces).as("redelivered in pieces").containsExactly("2", "3", "4");
	}

	@Test
	void leavesItToTheStreamOnTheOtherWritePath() {
		this.commands.on(List.of(command(0, create()), command(1, put("chat"))));
		SiteCommands streaming = new SiteCommands(this.store, this.changes,
				new Binder(new MapConfigurationPropertySource(Map.of("sitestream.site.write-path", "cdc")))
					.bindOrCreate("sitestream.site", SiteProperties.class),
				this.transactions, this.format, Clock.systemUTC(), this.published);

		this.transactions.executeWithoutResult((status) -> {
			assertThat(streaming.on(List.of(command(2, republish())))).isEmpty();
			assertThat(this.jdbc.sql("SELECT version || payload FROM site.changes WHERE site_id = ?")
				.param(this.site)
				.query(String.class)
				.list()).containsExactly("2" + this.store.values(List.of(this.site)).getFirst().json());
			status.setRollbackOnly();
		});
	}

	@Test
	void keepsTheOrderOfVersionsBesideLiveWrites() {
		List<String> sites = IntStream.range(0, 40).mapToObj((i) -> this.site + "-" + i).toList();
		sites.forEach((one) -> create(one, "respond-async"));
		assertThat(put(sites.getLast(), "first").status()).isEqualTo(201);
		await().atMost(Duration.ofSeconds(60))
			.until(() -> sites.stream().allMatch((one) -> this.api.get("/api/sites/" + one).status() == 200));

		CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> sites.forEach((one) -> put(one, "live")));
		assertThat(this.api.post("/actuator/sites", "{\"action\":\"republish\"}").status()).isEqualTo(202);
		Answer second = this.api.post("/actuator/sites", "{\"action\":\"republish\"}");
		assertThat(second.status()).as(second.body()).isEqualTo(409);
		assertThat(second.json().at("/type").asString()).isEqualTo("urn:sitestream:problem:republish-running");
		assertThat(second.json().at("/detail").asString())
			.matches("Sites are being republished, \\d+ of \\d+ since .*: wait, or cancel it\\.");
		writer.join();
		JsonNode done = awaitEnd();

		assertThat(done.at("/state").asString()).isEqualTo("COMPLETED");
		assertThat(done.at("/sent").asLong()).isGreaterThanOrEqualTo(40);
		try (TopicProbe probe = probe()) {
			Map<String, List<ConsumerRecord<byte[], byte[]>>> records = new LinkedHashMap<>();
			probe.committed("site-metadata")
				.forEach(
						(record) -> records.computeIfAbsent(new String(record.key(), UTF_8), (key) -> new ArrayList<>())
							.add(record));
			for (String one : sites) {
				List<Long> versions = records.get(one)
					.stream()
					.map((record) -> Long.parseLong(TopicProbe.header(record, SiteTopics.VERSION_HEADER)))
					.toList();
				assertThat(versions).as(one).isSorted();
				assertThat(records.get(one).getLast().value()).as(one)
					.isEqualTo(this.store.values(List.of(one)).getFirst().json().getBytes(UTF_8));
			}
			long repeated = sites.stream()
				.filter((one) -> records.get(one).size() > this.store.find(one).orElseThrow().version())
				.count();
			assertThat(repeated).as("sites that came again").isPositive();
		}
	}

	@Test
	void canBeCancelled() {
		create(this.site, "wait=30");
		this.api.post("/actuator/sites", "{\"action\":\"republish\"}");

		Answer cancelled = this.api.post("/actuator/sites", "{\"action\":\"cancel\"}");

		assertThat(cancelled.status()).isEqualTo(202);
		assertThat(cancelled.json().at("/republish/state").asString()).isEqualTo("CANCELLED");
		Answer again = this.api.post("/actuator/sites", "{\"action\":\"cancel\"}");
		assertThat(again.status()).isEqualTo(409);
		assertThat(again.json().at("/type").asString()).isEqualTo("urn:sitestream:problem:nothing-to-cancel");
		assertThat(this.api.post("/actuator/sites", "{\"action\":\"delete\"}").json().at("/detail").asString())
			.isEqualTo("action 'delete' is unknown. Allowed are: republish, cancel.");
	}

	private JsonNode awaitEnd() {
		return await().atMost(Duration.ofSeconds(60))
			.until(() -> this.api.get("/actuator/sites").json().at("/republish"),
					(run) -> !run.at("/state").asString().equals("RUNNING"));
	}

	private void create(String siteId, String preference) {
		Answer created = this.api.post("/api/sites",
				"{\"siteId\":\"%s\",\"ownerId\":\"ann\",\"name\":\"N\"}".formatted(siteId), "Prefer", preference);
		assertThat(created.status()).as(created.body()).isIn(201, 202);
	}

	private Answer put(String siteId, String app) {
		return this.api.put("/api/sites/" + siteId + "/apps/" + app, "{\"version\":\"1\"}", "Prefer", "wait=30");
	}

	private TopicProbe probe() {
		String prefix = this.names.of(SiteTopics.SITE_METADATA).replace("site-metadata", "");
		return new TopicProbe(TestServers.kafka().address(), prefix);
	}

	private static List<String> versions(List<Emission> emissions) {
		return emissions.stream()
			.filter((emission) -> emission.topic() == SiteTopics.SITE_METADATA)
			.map((emission) -> emission.headers().get(SiteTopics.VERSION_HEADER))
			.toList();
	}

	private String id(long offset) {
		return this.site + "-" + offset;
	}

	private Consumed<SiteCommand> command(long offset, SiteChange change) {
		return command(offset, this.site, change);
	}

	private Consumed<SiteCommand> command(long offset, String siteId, SiteChange change) {
		return new Consumed<>(SiteTopics.SITE_COMMANDS, siteId, new SiteCommand(id(offset), siteId, null, null, change),
				Map.of(), new Position("site-commands", 0, offset), Instant.EPOCH);
	}

	private static SiteChange create() {
		return new SiteChange.Create("ann", "Shop", null, null, null, List.of());
	}

	private static SiteChange put(String app) {
		return new SiteChange.PutApp(app, null, "1", Status.ENABLED);
	}

	private static SiteChange republish() {
		return new SiteChange.Republish();
	}

}
