package io.sitestream.site.cdc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamTest;
import io.sitestream.TestServers;
import io.sitestream.TopicProbe;
import io.sitestream.platform.ExclusiveEmitter;
import io.sitestream.platform.ExclusiveEmitters;
import io.sitestream.site.SiteReservation;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

@SitestreamTest(modules = "site", properties = "sitestream.site.write-path=cdc")
class ChangeStreamIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@LocalServerPort
	int port;

	@Value("${sitestream.topics.prefix}")
	String prefix;

	@Autowired
	ChangeStream stream;

	@Autowired
	ReplicationSlot slot;

	@Autowired
	ExclusiveEmitters emitters;

	@Autowired
	JdbcClient jdbc;

	@Autowired
	TransactionOperations transactions;

	ApiClient api;

	TopicProbe probe;

	@BeforeEach
	void connect() {
		this.api = new ApiClient(this.port);
		this.probe = new TopicProbe(TestServers.kafka().address(), this.prefix);
		if (!this.stream.isRunning()) {
			this.stream.start();
		}
	}

	@AfterEach
	void close() {
		this.probe.close();
	}

	@Test
	void makesEachVersionVisibleOnceInOrder() throws Exception {
		try (ExecutorService clients = Executors.newFixedThreadPool(4)) {
			List<Future<?>> done = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				String site = "once-" + i;
				done.add(clients.submit(() -> change(site, 25)));
			}
			for (Future<?> each : done) {
				each.get();
			}
		}
		assertThat(this.api.delete("/api/sites/once-0").status()).isEqualTo(204);

		for (int i = 0; i < 8; i++) {
			awaitVersions("once-" + i, (i == 0) ? 26 : 25);
		}
		ConsumerRecord<byte[], byte[]> last = records("once-0").getLast();
		assertThat(last.value()).isNull();
		assertThat(TopicProbe.header(last, "ce_siteversion")).isEqualTo("26");
		assertThat(TopicProbe.header(last, "ce_type")).isEqualTo("io.sitestream.SiteMetadata.v1");
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(waiting()).isZero());
	}

	@Test
	void losesNothingWhenTheSlotIsGone() {
		change("gone", 3);
		awaitVersions("gone", 3);
		this.stream.stop();
		this.jdbc.sql("SELECT pg_drop_replication_slot(?)").param(this.slot.name()).query((row) -> {
		});
		change("gone-too", 2);
		install("gone", 4, 6);

		this.stream.start();

		awaitVersions("gone", 6);
		awaitVersions("gone-too", 2);
		change("after", 1);
		awaitVersions("after", 1);
	}

	@Test
	void losesNothingWhenThePublicationIsGone() {
		change("unpublished", 2);
		awaitVersions("unpublished", 2);

		this.jdbc.sql("DROP PUBLICATION " + this.slot.publication()).update();
		install("unpublished", 3, 5);

		awaitVersions("unpublished", 5);
		install("unpublished", 6, 7);
		awaitVersions("unpublished", 7);
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(waiting()).isZero());
	}

	@Test
	void keepsTheOrderWhenThePublicationWasWithoutTheTableForAMoment() {
		change("momentary", 2);
		awaitVersions("momentary", 2);

		this.jdbc.sql("ALTER PUBLICATION %s DROP TABLE site.changes".formatted(this.slot.publication())).update();
		install("momentary", 3, 3);
		this.jdbc.sql("ALTER PUBLICATION %s ADD TABLE site.changes".formatted(this.slot.publication())).update();
		install("momentary", 4, 5);

		awaitVersions("momentary", 5);
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(waiting()).isZero());
	}

	@Test
	void saysWhatWaitsWhateverTheReason() {
		this.stream.stop();
		change("late", 1);
		this.jdbc.sql("UPDATE site.changes SET changed_at = changed_at - interval '1 hour'").update();

		await().atMost(PATIENCE).untilAsserted(() -> {
			JsonNode health = this.api.get("/actuator/health").json().at("/components/siteChanges");
			assertThat(health.at("/status").asString()).isEqualTo("DOWN");
			assertThat(health.at("/details/waiting").asInt()).isOne();
			assertThat(health.at("/details/oldestWaitsSeconds").asInt()).isBetween(3_600, 7_200);
			assertThat(health.at("/details/delay").asString()).startsWith("1 changes wait in site.changes, the oldest");
		});
		assertThat(this.api.get("/actuator/prometheus").body()).contains("sitestream_site_cdc_waiting_rows 1.0")
			.containsPattern("sitestream_site_cdc_waiting_age_seconds 36\\d\\d\\.");

		this.stream.start();
		awaitVersions("late", 1);
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(
					this.api.get("/actuator/health").json().at("/components/siteChanges/status").asString())
				.isEqualTo("UP"));
	}

	@Test
	void sendsNothingAgainWhenItsOwnerDiedBetweenTheTwoCommits() {
		change("between", 1);
		awaitVersions("between", 1);
		this.stream.stop();
		install("between", 2, 3);
		sendWithoutDeleting();
		assertThat(waiting()).isEqualTo(2);

		this.stream.start();

		await().atMost(PATIENCE).untilAsserted(() -> assertThat(waiting()).isZero());
		install("between", 4, 4);
		awaitVersions("between", 4);
	}

	@Test
	void letsAnOwnerThatWasReplacedSendNothing() {
		this.stream.stop();
		change("fenced", 1);
		try (ExclusiveEmitter<StreamedChanges> late = this.emitters.takeOver(this.slot.name(), StreamedChanges.TOPIC)) {
			this.stream.start();
			awaitVersions("fenced", 1);

			Change change = new Change(-1, "fenced", 1, "{}", Instant.EPOCH);
			assertThatThrownBy(() -> late.emit(List.of(change.emission()), StreamedChanges.of(List.of(change))))
				.hasMessageContaining("epoch");
		}
		install("fenced", 2, 2);
		awaitVersions("fenced", 2);
	}

	@Test
	void waitsForAChangeThatTheLogTellsBeforeOthersCanSeeIt() throws Exception {
		this.stream.stop();
		CountDownLatch written = new CountDownLatch(1);
		CountDownLatch told = new CountDownLatch(1);
		AtomicLong changeId = new AtomicLong();
		try (ExecutorService threads = Executors.newFixedThreadPool(2);
				ExclusiveEmitter<StreamedChanges> emitter = this.emitters.takeOver(this.slot.name(),
						StreamedChanges.TOPIC)) {
			Future<?> writer = threads.submit(() -> this.transactions.executeWithoutResult((status) -> {
				SiteReservation.reserve(this.jdbc, List.of("unseen"));
				changeId.set(this.jdbc.sql(
						"INSERT INTO site.changes (site_id, version, payload) VALUES ('unseen', 1, '{}') RETURNING change_id")
					.query(Long.class)
					.single());
				written.countDown();
				await().atMost(PATIENCE).until(() -> told.getCount() == 0 && isWaitedFor());
			}));
			assertThat(written.await(60, TimeUnit.SECONDS)).isTrue();
			Change change = new Change(changeId.get(), "unseen", 1, "{}", Instant.EPOCH);
			Future<Integer> moved = threads.submit(() -> {
				told.countDown();
				return new ChangeTable(this.jdbc, this.transactions).move(List.of(change), emitter);
			});

			assertThat(moved.get(60, TimeUnit.SECONDS)).isOne();
			writer.get(60, TimeUnit.SECONDS);
		}
		awaitVersions("unseen", 1);
	}

	@Test
	void saysHowItIs() {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(
					this.api.get("/actuator/health").json().at("/components/siteChanges/details/state").asString())
				.isEqualTo("ACTIVE"));
		change("metered", 1);
		awaitVersions("metered", 1);

		assertThat(this.api.get("/actuator/prometheus").body()).contains("sitestream_site_cdc_slot_lag_bytes")
			.contains("sitestream_site_cdc_active 1.0")
			.contains("sitestream_site_cdc_latency_seconds_count");
	}

	private void sendWithoutDeleting() {
		List<Change> waiting = this.jdbc.sql("SELECT * FROM site.changes ORDER BY change_id")
			.query((row, number) -> new Change(row.getLong("change_id"), row.getString("site_id"),
					row.getLong("version"), row.getString("payload"), row.getTimestamp("changed_at").toInstant()))
			.list();
		try (ExclusiveEmitter<StreamedChanges> owner = this.emitters.takeOver(this.slot.name(),
				StreamedChanges.TOPIC)) {
			owner.emit(waiting.stream().map(Change::emission).toList(), StreamedChanges.of(waiting));
		}
	}

	private void change(String site, int versions) {
		Answer created = this.api.post("/api/sites",
				"{\"siteId\":\"%s\",\"ownerId\":\"ann\",\"name\":\"S\"}".formatted(site));
		assertThat(created.status()).as(created.body()).isEqualTo(201);
		install(site, 2, versions);
	}

	private void install(String site, int from, int to) {
		for (int version = from; version <= to; version++) {
			Answer installed = this.api.put("/api/sites/" + site + "/apps/chat",
					"{\"version\":\"%d\"}".formatted(version));
			assertThat(installed.header("ETag")).as(installed.body()).hasValue("\"" + version + "\"");
		}
	}

	private void awaitVersions(String site, int newest) {
		List<String> expected = LongStream.rangeClosed(1, newest).mapToObj(Long::toString).toList();
		await().atMost(PATIENCE)
			.untilAsserted(
					() -> assertThat(records(site)).extracting((record) -> TopicProbe.header(record, "ce_siteversion"))
						.isEqualTo(expected));
	}

	private List<ConsumerRecord<byte[], byte[]>> records(String site) {
		Map<Long, ConsumerRecord<byte[], byte[]>> found = new TreeMap<>();
		this.probe.committed("site-metadata")
			.stream()
			.filter((record) -> new String(record.key()).equals(site))
			.forEach((record) -> found.put(record.offset(), record));
		return List.copyOf(found.values());
	}

	private boolean isWaitedFor() {
		return this.jdbc.sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
			.query(Long.class)
			.single() > 0;
	}

	private long waiting() {
		return this.jdbc.sql("SELECT count(*) FROM site.changes").query(Long.class).single();
	}

}
