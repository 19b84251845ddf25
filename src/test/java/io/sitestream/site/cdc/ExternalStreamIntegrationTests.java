package io.sitestream.site.cdc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.debezium.embedded.Connect;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.debezium.engine.spi.OffsetCommitPolicy;
import io.sitestream.TestServers;
import io.sitestream.servers.LocalPostgres;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.apache.kafka.connect.storage.SimpleHeaderConverter;
import org.apache.kafka.connect.storage.StringConverter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an operator copies for a Debezium on Kafka Connect, run by Debezium's engine.
 */
class ExternalStreamIntegrationTests {

	private static final String DATABASE = "external";

	private static JdbcClient jdbc;

	@BeforeAll
	static void createTable() throws IOException {
		TestServers.postgres().createDatabase(DATABASE);
		jdbc = JdbcClient
			.create(new DriverManagerDataSource(TestServers.postgres().url(DATABASE), LocalPostgres.USER, ""));
		jdbc.sql("CREATE SCHEMA site").update();
		for (String migration : List.of("V2__changes", "V4__header_of_changes", "V5__changes_by_age",
				"V7__publication_watch")) {
			jdbc.sql(new ClassPathResource("db/migration/site/%s.sql".formatted(migration))
				.getContentAsString(StandardCharsets.UTF_8)).update();
		}
	}

	@Test
	void theConnectorWritesTheRecordsOfTheEmbeddedStreamAndConfirmedRowsGo() throws Exception {
		List<SourceRecord> records = new CopyOnWriteArrayList<>();
		DebeziumEngine<?> engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
			.using(connector())
			.using(OffsetCommitPolicy.always())
			.notifying((List<RecordChangeEvent<SourceRecord>> batch,
					DebeziumEngine.RecordCommitter<RecordChangeEvent<SourceRecord>> committer) -> {
				for (RecordChangeEvent<SourceRecord> record : batch) {
					records.add(record.record());
					committer.markProcessed(record);
				}
				committer.markBatchFinished();
			})
			.build();
		Thread.ofPlatform().daemon().start(engine);
		try {
			await().atMost(Duration.ofSeconds(60))
				.until(() -> jdbc
					.sql("SELECT count(*) FROM pg_replication_slots WHERE slot_name = 'sitestream_site' AND active")
					.query(Long.class)
					.single() == 1);
			insert("bakery", 1, "{\"siteId\":\"bakery\",\"name\":\"Bäckerei ☃ 📚\", \"apps\":[]}");
			insert("bakery", 2, null);

			await().atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(records.stream()
					.filter(ExternalStreamIntegrationTests::isChange)
					.map(ExternalStreamIntegrationTests::record))
					.containsExactly(
							expected(new Change(1, "bakery", 1,
									"{\"siteId\":\"bakery\",\"name\":\"Bäckerei ☃ 📚\", \"apps\":[]}", Instant.EPOCH)),
							expected(new Change(2, "bakery", 2, null, Instant.EPOCH))));

			sendsAgainWhatThePublicationDidNotPublish(records);
			sendsAgainWhatWasPassedOverWhileNoProcessLooked(records);

			ChangeRetention retention = new ChangeRetention(jdbc, new ChangeStreamProperties("sitestream_site", "",
					ChangeStreamProperties.Streaming.EXTERNAL, Duration.ofDays(1), Duration.ofSeconds(1)), () -> true);
			jdbc.sql("UPDATE site.changes SET changed_at = changed_at - interval '2 days' WHERE version = 1").update();
			jdbc.sql("""
					INSERT INTO site.changes (site_id, version, payload, changed_at)
					SELECT 'piled-up', v, '{}', now() - interval '2 days' FROM generate_series(1, 5000) AS v
					""").update();
			await().atMost(Duration.ofSeconds(60)).until(() -> retention.deleteConfirmed() == 5_001);
			assertThat(jdbc.sql("SELECT DISTINCT version FROM site.changes ORDER BY 1").query(Long.class).list())
				.containsExactly(2L, 3L, 4L, 5L, 6L);
		}
		finally {
			engine.close();
			await().atMost(Duration.ofSeconds(60))
				.until(() -> jdbc.sql(
						"SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots WHERE slot_name = 'sitestream_site' AND NOT active")
					.query(Long.class)
					.single() == 1);
		}
		saysWhatWaitsWhileNobodyStreams();
	}

	/**
	 * A process of Sitestream looks every 2 s; here it does when the test says so.
	 */
	private static void sendsAgainWhatThePublicationDidNotPublish(List<SourceRecord> records) {
		new ApplicationContextRunner().withUserConfiguration(ExternalStreamConfiguration.class)
			.withPropertyValues("sitestream.site.write-path=cdc", "sitestream.site.cdc.streaming=external",
					"sitestream.site.cdc.longest-wait=1s")
			.withBean(JdbcClient.class, () -> jdbc)
			.withBean(JdbcConnectionDetails.class, Database::new)
			.withBean(SimpleMeterRegistry.class)
			.run((process) -> {
				ExternalStream stream = process.getBean(ExternalStream.class);
				WaitingChanges waiting = process.getBean(WaitingChanges.class);
				HealthIndicator health = process.getBean(HealthIndicator.class);
				stream.look();
				assertThat(health.health().getStatus()).isEqualTo(Status.UP);
				assertThat(stream.isPublished()).isTrue();

				jdbc.sql("ALTER PUBLICATION sitestream_site DROP TABLE site.changes").update();
				insert("bakery", 3, "{}");
				insert("bakery", 4, "{}");
				stream.look();

				await().atMost(Duration.ofSeconds(60))
					.untilAsserted(() -> assertThat(versions(records)).containsSequence(3L, 4L).endsWith(4L));
				await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
					stream.look();
					waiting.look();
					assertThat(health.health().getDetails()).containsEntry("waiting", 0L)
						.containsEntry("state", "EXTERNAL");
				});
				assertThat(health.health().getStatus()).isEqualTo(Status.UP);
			});
	}

	/**
	 * More than one chunk, and a newer version of a site that has come through already.
	 */
	private static void sendsAgainWhatWasPassedOverWhileNoProcessLooked(List<SourceRecord> records) {
		jdbc.sql("ALTER PUBLICATION sitestream_site DROP TABLE site.changes").update();
		insert("bakery", 5, "{}");
		jdbc.sql(
				"INSERT INTO site.changes (site_id, version, payload) SELECT 'many-' || v, 5, '{}' FROM generate_series(1, 5001) AS v")
			.update();
		jdbc.sql("ALTER PUBLICATION sitestream_site ADD TABLE site.changes").update();
		insert("bakery", 6, "{}");
		await().atMost(Duration.ofSeconds(60)).until(() -> versions(records).getLast() == 6);

		Database database = new Database();
		try (ExternalStream stream = new ExternalStream(
				new DatabaseAddress(database.getJdbcUrl(), database.getUsername(), database.getPassword()),
				new ReplicationSlot("sitestream_site", "sitestream_site"), new TablePublication("sitestream_site"),
				new SlotProgress("sitestream_site", Duration.ofSeconds(1)))) {
			await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
				stream.look();
				assertThat(stream.isPublished()).isTrue();
			});
		}

		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(records.stream()
				.filter(ExternalStreamIntegrationTests::isChange)
				.filter((record) -> String.valueOf(record.headers().lastWithName("ce_partitionkey").value())
					.startsWith("many-")))
				.hasSize(5_001));
		assertThat(versions(records)).containsSubsequence(6L, 5L, 6L).endsWith(6L);
	}

	private static void saysWhatWaitsWhileNobodyStreams() {
		SlotProgress progress = new SlotProgress("sitestream_site", Duration.ofSeconds(1));
		WaitingChanges waiting = new WaitingChanges(jdbc, Duration.ofSeconds(1), progress::confirmed,
				new SimpleMeterRegistry());
		Database database = new Database();
		try (ExternalStream stream = new ExternalStream(
				new DatabaseAddress(database.getJdbcUrl(), database.getUsername(), database.getPassword()),
				new ReplicationSlot("sitestream_site", "sitestream_site"), new TablePublication("sitestream_site"),
				progress)) {
			stream.look();
			insert("bakery", 7, "{}");
			await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
				stream.look();
				waiting.look();
				Health health = new ExternalStreamHealth(stream, waiting, "sitestream_site").health();
				assertThat(health.getStatus()).isEqualTo(Status.DOWN);
				assertThat(health.getDetails()).containsEntry("cause",
						"PostgreSQL's replication slot 'sitestream_site' is not there: start the connector, which reads site.changes again then");
				assertThat(health.getDetails().get("delay")).asString().contains(" changes wait in site.changes");
			});
		}
	}

	private static List<Long> versions(List<SourceRecord> records) {
		return records.stream()
			.filter(ExternalStreamIntegrationTests::isChange)
			.filter((record) -> "bakery".equals(record.headers().lastWithName("ce_partitionkey").value()))
			.map((record) -> Long.valueOf(record.headers().lastWithName("ce_siteversion").value().toString()))
			.toList();
	}

	private static Properties connector() throws IOException {
		JsonNode file = JsonMapper.builder()
			.build()
			.readTree(Files.readString(Path.of("infra/debezium/connector.json")));
		Properties properties = new Properties();
		properties.setProperty("name", file.at("/name").asString());
		file.at("/config")
			.properties()
			.forEach((entry) -> properties.setProperty(entry.getKey(), entry.getValue().asString()));
		properties.setProperty("database.hostname", "127.0.0.1");
		properties.setProperty("database.port", Integer.toString(TestServers.postgres().port()));
		properties.setProperty("database.dbname", DATABASE);
		properties.setProperty("offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
		return properties;
	}

	private static void insert(String site, long version, @Nullable String payload) {
		jdbc.sql("INSERT INTO site.changes (site_id, version, payload) VALUES (?, ?, ?)")
			.param(site)
			.param(version)
			.param(payload)
			.update();
	}

	private static boolean isChange(SourceRecord record) {
		return record.topic().equals("site-metadata");
	}

	private static String record(SourceRecord record) {
		Map<String, String> headers = new TreeMap<>();
		try (StringConverter converter = new StringConverter(); HeaderConverter text = new SimpleHeaderConverter()) {
			record.headers()
				.forEach((header) -> headers.put(header.key(),
						new String(
								text.fromConnectHeader(record.topic(), header.key(), header.schema(), header.value()),
								StandardCharsets.UTF_8)));
			assertThat(headers).containsKeys("ce_id", "ce_time");
			assertThat(Instant.parse(headers.remove("ce_time"))).isBefore(Instant.now().plusSeconds(60));
			headers.remove("ce_id");
			return "%s %s %s %s".formatted(record.topic(),
					text(converter.fromConnectData(record.topic(), record.keySchema(), record.key())),
					text(converter.fromConnectData(record.topic(), record.valueSchema(), record.value())), headers);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String expected(Change change) {
		Map<String, String> headers = new TreeMap<>(change.emission().headers());
		headers.put("ce_specversion", "1.0");
		headers.put("ce_source", "/sitestream/site");
		headers.put("ce_type", "io.sitestream.SiteMetadata.v1");
		headers.put("ce_partitionkey", change.emission().key());
		headers.put("content-type", "application/json");
		return "%s %s %s %s".formatted(change.emission().topic().name(), change.emission().key(),
				text((byte[]) change.emission().value()), headers);
	}

	private static final class Database implements JdbcConnectionDetails {

		@Override
		public String getJdbcUrl() {
			return TestServers.postgres().url(DATABASE);
		}

		@Override
		public String getUsername() {
			return LocalPostgres.USER;
		}

		@Override
		public String getPassword() {
			return "";
		}

	}

	private static String text(byte @Nullable [] bytes) {
		return (bytes != null) ? new String(bytes, StandardCharsets.UTF_8) : "(tombstone)";
	}

}
