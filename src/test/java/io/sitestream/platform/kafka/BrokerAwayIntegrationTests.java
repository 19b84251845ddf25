package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.kvstore.ReferenceInstance;
import io.sitestream.servers.LocalKafka;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Kafka goes away under a running process and comes back.
 */
class BrokerAwayIntegrationTests {

	/** The contract says 5 s; the rest is for a busy machine. */
	private static final Duration PROMISED = Duration.ofSeconds(8);

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	@Test
	void writesAreRefusedInTimeAndNothingAcceptedIsLost() throws Exception {
		LocalKafka kafka = TestServers.separateKafka();
		Map<String, String> place = new LinkedHashMap<>(TestSpace.of("site").properties());
		place.put("spring.kafka.bootstrap-servers", kafka.address());
		try (ReferenceInstance instance = ReferenceInstance.start(place, "site,business").awaitReady()) {
			ApiClient api = instance.api();
			assertThat(create(api, "before", "wait=30").status()).isEqualTo(201);
			assertThat(api.put("/api/countries/SS", "{\"name\":\"South Sudan\"}").status()).isEqualTo(201);
			List<String> accepted = acceptMany(api);
			kafka.stop();

			List<Answer> refused = createManyAtOnce(api);
			assertIsRefusal(inTime(() -> api.put("/api/countries/DE", "{\"name\":\"Germany\"}")));
			assertThat(api.get("/api/sites/before").status()).as("PostgreSQL is there").isEqualTo(200);
			assertThat(api.get("/api/countries/SS").status()).as("memory is there").isEqualTo(200);
			assertThat(api.get("/actuator/health/liveness").status()).isEqualTo(200);
			assertThat(inTime(() -> api.get("/actuator/health/functions")).json()
				.at("/details/refreshCountries/lagUnknown")
				.asString()).startsWith("Kafka does not say");

			kafka.start();
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(create(api, "after", "wait=30").status()).isIn(201, 409));
			accepted.forEach((location) -> await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(api.get(location).json().at("/state").asString()).isEqualTo("DONE")));
			for (int i = 0; i < refused.size(); i++) {
				if (refused.get(i).json().at("/detail").asString().contains("It was not taken")) {
					assertThat(api.get("/api/sites/refused-" + i).status()).isEqualTo(404);
				}
			}
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(api.put("/api/countries/DE", "{\"name\":\"Germany\"}").status())
					.isIn(200, 201));
		}
		finally {
			kafka.stop();
		}
	}

	@Test
	void aWriterThatHearsNothingOfItsBrokerSaysThatReadersMayBeBehind() {
		LocalKafka kafka = TestServers.separateKafka();
		Map<String, String> place = new LinkedHashMap<>(TestSpace.of("appswriter").properties());
		place.put("spring.kafka.bootstrap-servers", kafka.address());
		try (ReferenceInstance instance = ReferenceInstance.start(place, "appswriter,appsreader")) {
			ApiClient api = instance.api();
			await().atMost(PATIENCE).until(() -> projectionLag(api) == 0);
			kafka.stop();
			await().atMost(PATIENCE).until(() -> projectionLag(api) > 10_000);

			kafka.start();
			await().atMost(PATIENCE).until(() -> projectionLag(api) == 0);
		}
		finally {
			kafka.stop();
		}
	}

	private static long projectionLag(ApiClient api) {
		return api.get("/api/installed-apps/by-app/shop").header("Projection-Lag").map(Long::valueOf).orElse(-1L);
	}

	private static List<String> acceptMany(ApiClient api) {
		List<String> locations = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			Answer accepted = create(api, "accepted-" + i, "respond-async");
			assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);
			locations.add(accepted.header("Location").orElseThrow());
		}
		return locations;
	}

	private static List<Answer> createManyAtOnce(ApiClient api) throws Exception {
		List<Answer> answers = new ArrayList<>();
		try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<Answer>> calls = new ArrayList<>();
			for (int i = 0; i < 10; i++) {
				String siteId = "refused-" + i;
				calls.add(clients.submit(() -> inTime(() -> create(api, siteId, "wait=1"))));
			}
			for (Future<Answer> call : calls) {
				answers.add(call.get());
			}
		}
		answers.forEach(BrokerAwayIntegrationTests::assertIsRefusal);
		return answers;
	}

	private static Answer inTime(Supplier<Answer> call) {
		long begun = System.nanoTime();
		Answer answer = call.get();
		assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PROMISED);
		return answer;
	}

	private static Answer create(ApiClient api, String siteId, String preference) {
		return api.post("/api/sites", "{\"siteId\":\"%s\",\"ownerId\":\"ann\",\"name\":\"S\"}".formatted(siteId),
				"Prefer", preference);
	}

	private static void assertIsRefusal(Answer answer) {
		assertThat(answer.status()).as(answer.body()).isEqualTo(503);
		assertThat(answer.json().at("/type").asString()).isEqualTo("urn:sitestream:problem:broker-unavailable");
		assertThat(answer.json().at("/detail").asString()).containsAnyOf("It may still have been taken",
				"It was not taken");
	}

}
