package io.sitestream.site;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.TopicProbe;
import io.sitestream.kvstore.ReferenceInstance;
import io.sitestream.servers.LocalKafka;
import io.sitestream.servers.LocalPostgres;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The two write paths side by side, and the second without Kafka and without PostgreSQL.
 */
class WritePathsIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	/** The contract says 5 s; the rest is for a busy machine. */
	private static final Duration PROMISED = Duration.ofSeconds(8);

	@Test
	void bothWriteTheSameRecordsByteForByteAndLeadToTheSameProjection() {
		String modules = "site,appswriter,appsreader";
		TestSpace consumerSpace = TestSpace.of("*");
		List<String> expected;
		try (ReferenceInstance consumer = ReferenceInstance.start(consumerSpace.properties(), modules)) {
			assertThat(consumer.context().containsBean("changeStream")).isFalse();
			expected = history(consumer.api());
		}
		TestSpace cdcSpace = TestSpace.of("*");
		try (ReferenceInstance cdc = ReferenceInstance.start(withCdc(cdcSpace), modules)) {
			assertThat(history(cdc.api())).isEqualTo(expected);

			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(records(cdcSpace)).isEqualTo(records(consumerSpace)).hasSize(9));
		}
	}

	@Test
	void cdcNeedsNoKafkaToAcceptWritesAndSaysWhenPostgresIsAway() {
		LocalKafka kafka = TestServers.separateKafka();
		LocalPostgres postgres = TestServers.separatePostgres();
		postgres.createDatabase("sites");
		Map<String, String> place = withCdc(TestSpace.of("site"));
		place.put("spring.kafka.bootstrap-servers", kafka.address());
		place.put("spring.datasource.url", postgres.url("sites"));
		try (ReferenceInstance instance = ReferenceInstance.start(place, "site");
				TopicProbe probe = new TopicProbe(kafka.address(), place.get("sitestream.topics.prefix"))) {
			ApiClient api = instance.api();
			assertThat(create(api, "shop", "").status()).isEqualTo(201);
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(versions(probe)).containsExactly(1L));

			kafka.stop();
			for (int i = 0; i < 20; i++) {
				assertThat(write(api, "PUT", "/api/sites/shop/apps/chat", "{\"version\":\"1\"}").status()).isIn(200,
						201);
			}
			kafka.start();
			await().atMost(PATIENCE)
				.untilAsserted(
						() -> assertThat(versions(probe)).isEqualTo(LongStream.rangeClosed(1, 21).boxed().toList()));

			postgres.stop();
			long begun = System.nanoTime();
			Answer refused = write(api, "PUT", "/api/sites/shop/apps/chat", "{\"version\":\"2\"}");
			assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PROMISED);
			assertThat(refused.status()).as(refused.body()).isEqualTo(503);
			assertThat(refused.json().at("/type").asString()).isEqualTo("urn:sitestream:problem:database-unavailable");

			postgres.start();
			await().atMost(PATIENCE)
				.untilAsserted(
						() -> assertThat(write(api, "PUT", "/api/sites/shop/apps/chat", "{\"version\":\"3\"}").status())
							.isEqualTo(200));
			await().atMost(PATIENCE)
				.untilAsserted(
						() -> assertThat(versions(probe)).isEqualTo(LongStream.rangeClosed(1, 22).boxed().toList()));
		}
		finally {
			kafka.stop();
			postgres.stop();
		}
	}

	private static Map<String, String> withCdc(TestSpace space) {
		Map<String, String> properties = new LinkedHashMap<>(space.properties());
		properties.put("sitestream.site.write-path", "cdc");
		return properties;
	}

	/**
	 * The same for both paths: writes, and what is read from the projection afterwards.
	 */
	private static List<String> history(ApiClient api) {
		List<Answer> writes = List.of(create(api, "bakery",
				"{\"appId\":\"shop\",\"instanceId\":\"i-1\",\"version\":\"1.0\"},{\"appId\":\"chat\",\"instanceId\":\"i-2\",\"version\":\"2\",\"status\":\"DISABLED\"}"),
				create(api, "bücherei", ""), create(api, "buecherei", ""),
				write(api, "PUT", "/api/sites/buecherei",
						"{\"ownerId\":\"bob\",\"name\":\"Bücherei \u2603 \ud83d\udcda\",\"locale\":\"de\",\"publishedVersion\":7}"),
				write(api, "PUT", "/api/sites/buecherei/apps/shop", "{\"instanceId\":\"i-3\",\"version\":\"1.1\"}"),
				write(api, "PUT", "/api/sites/bakery/apps/shop", "{\"instanceId\":\"i-3\",\"version\":\"1.1\"}"),
				write(api, "DELETE", "/api/sites/bakery/apps/chat", ""), create(api, "gone", ""),
				write(api, "DELETE", "/api/sites/gone", ""), create(api, "gone", ""),
				write(api, "DELETE", "/api/sites/gone", ""), create(api, "bakery", ""));
		List<String> said = new ArrayList<>();
		Map<String, String> tokens = new LinkedHashMap<>();
		for (Answer answer : writes) {
			said.add(answer.status() + " " + answer.header("ETag").orElse("-") + " "
					+ answer.header("Location").orElse("-") + " " + timeless(answer.body()));
			answer.header("Consistency-Token").ifPresent((token) -> tokens.put(token, token));
		}
		String all = String.join(",", tokens.keySet());
		for (String path : List.of("by-site/bakery", "by-site/buecherei", "by-site/gone", "by-app/shop", "by-app/chat",
				"by-instance/i-3")) {
			Answer answer = api.get("/api/installed-apps/" + path, "Consistency-Token", all, "Prefer", "wait=30");
			said.add(path + " " + answer.status() + " " + timeless(answer.body()));
		}
		return said;
	}

	private static Answer create(ApiClient api, String site, String apps) {
		return write(api, "POST", "/api/sites",
				"{\"siteId\":\"%s\",\"ownerId\":\"ann\",\"name\":\"S\",\"apps\":[%s]}".formatted(site, apps));
	}

	private static Answer write(ApiClient api, String method, String path, String body) {
		return api.send(method, path, body, "Prefer", "wait=30");
	}

	/** Two histories differ in the times at which they happened. */
	private static String timeless(String text) {
		return text.replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "<time>");
	}

	private static List<String> records(TestSpace space) {
		try (TopicProbe probe = new TopicProbe(TestServers.kafka().address(), space.topicPrefix())) {
			Map<String, String> ordered = new TreeMap<>();
			for (ConsumerRecord<byte[], byte[]> record : probe.committed("site-metadata")) {
				List<String> headers = new ArrayList<>();
				record.headers().forEach((header) -> {
					if (!List.of("ce_id", "ce_time").contains(header.key())) {
						headers.add(header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8));
					}
				});
				ordered.put("%d-%08d".formatted(record.partition(), record.offset()),
						"%d %s %s %s %s".formatted(record.partition(), new String(record.key(), StandardCharsets.UTF_8),
								(record.value() != null) ? "value" : "tombstone", timeless(TopicProbe.value(record)),
								headers));
			}
			return List.copyOf(ordered.values());
		}
	}

	private static List<Long> versions(TopicProbe probe) {
		return probe.committed("site-metadata")
			.stream()
			.map((record) -> Long.parseLong(TopicProbe.header(record, SiteTopics.VERSION_HEADER)))
			.toList();
	}

}
