package io.sitestream.kvstore;

import java.time.Duration;
import java.util.Map;

import io.sitestream.ApiClient;
import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.servers.LocalKafka;
import org.junit.jupiter.api.Test;

import static io.sitestream.kvstore.ReferenceInstance.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class StoreRestartIntegrationTests {

	private static final String MODULES = "business,bookings,ticketing";

	private static final String NOT_READY = "urn:sitestream:problem:store-not-ready";

	@Test
	void showsTheSameAfterARestartAndPublishesNothingAgain() {
		TestSpace space = TestSpace.of(MODULES.split(","));
		String countries;
		String zones;
		Map<Integer, Long> positions;
		try (ReferenceInstance first = ReferenceInstance.start(space.properties(), MODULES).awaitReady()) {
			ApiClient api = first.api();
			for (String code : new String[] { "DE", "SS", "CH", "US" }) {
				assertThat(api.put("/api/countries/" + code, "{\"name\":\"%s\"}".formatted(code)).status())
					.isEqualTo(201);
			}
			assertThat(api.delete("/api/countries/DE").status()).isEqualTo(204);
			await().atMost(PATIENCE).untilAsserted(() -> {
				assertThat(api.get("/api/ticketing/time-zones/Europe/Berlin").status()).isEqualTo(404);
				assertThat(api.get("/api/ticketing/time-zones/America/Boise").status()).isEqualTo(200);
			});
			countries = api.get("/api/countries").body();
			zones = api.get("/api/ticketing/time-zones").body();
			store(first).sync(PATIENCE);
			positions = store(first).positions();
		}

		try (ReferenceInstance second = ReferenceInstance.start(space.properties(), MODULES).awaitReady()) {
			assertThat(second.api().get("/api/countries").body()).isEqualTo(countries);
			assertThat(second.api().get("/api/ticketing/time-zones").body()).isEqualTo(zones);
			// the function goes through a batch again, whose zones are there already
			assertThat(second.api().put("/api/countries/SS", "{\"name\":\"South Sudan\"}").status()).isEqualTo(200);
			assertThat(second.api()
				.put("/api/bookings/time-zone-overrides/Africa/Juba", "{\"standardOffset\":\"+03:00\"}")
				.status()).isEqualTo(200);
			store(second).sync(PATIENCE);
			// one record and the marker of its transaction
			assertThat(store(second).positions().get(0)).isBetween(positions.get(0) + 2, positions.get(0) + 4);
		}
	}

	@Test
	void doesNotBlockTheStartWithoutKafkaAndIsReadyWhenItIsThere() {
		LocalKafka kafka = TestServers.separateKafka();
		kafka.stop();
		try (ReferenceInstance instance = ReferenceInstance.start(place(kafka), "business")) {
			assertThat(instance.api().get("/actuator/health/liveness").status()).isEqualTo(200);
			assertThat(instance.api().get("/actuator/health/readiness").status()).isEqualTo(503);
			assertThat(instance.api().get("/api/countries").status()).isEqualTo(503);
			assertThat(instance.api().get("/api/countries").json().path("type").asString()).isEqualTo(NOT_READY);
			assertThat(instance.api().get("/api/countries/SS").json().path("type").asString()).isEqualTo(NOT_READY);
			assertThat(instance.api().put("/api/countries/SS", "{\"name\":\"x\"}").json().path("type").asString())
				.isEqualTo(NOT_READY);

			kafka.start();

			instance.awaitReady();
			assertThat(instance.api().get("/api/countries").status()).isEqualTo(200);
		}
		finally {
			kafka.stop();
		}
	}

	@Test
	void answersFromMemoryWhileKafkaIsAway() {
		LocalKafka kafka = TestServers.separateKafka();
		try (ReferenceInstance instance = ReferenceInstance.start(place(kafka), "business").awaitReady()) {
			ApiClient api = instance.api();
			assertThat(api.put("/api/countries/SS", "{\"name\":\"South Sudan\"}").status()).isEqualTo(201);

			kafka.stop();
			long begin = System.nanoTime();
			ApiClient.Answer refused = api.put("/api/countries/SE", "{\"name\":\"Sweden\"}");
			Duration took = Duration.ofNanos(System.nanoTime() - begin);

			assertThat(refused.status()).isEqualTo(503);
			assertThat(refused.json().path("type").asString()).isEqualTo("urn:sitestream:problem:broker-unavailable");
			assertThat(took).isLessThan(Duration.ofSeconds(7));
			assertThat(api.get("/api/countries/SS").status()).isEqualTo(200);
			assertThat(api.get("/actuator/health/readiness").status()).isEqualTo(200);

			kafka.start();
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(api.put("/api/countries/FI", "{\"name\":\"Finland\"}").status())
					.isIn(200, 201));
			assertThat(api.get("/api/countries/FI").status()).isEqualTo(200);
		}
		finally {
			kafka.stop();
		}
	}

	private static Map<String, String> place(LocalKafka kafka) {
		return Map.of("spring.kafka.bootstrap-servers", kafka.address(), "sitestream.security.mode", "open");
	}

	private static KeyValueStore<?> store(ReferenceInstance instance) {
		return instance.bean("timeZoneStore", KeyValueStore.class);
	}

}
