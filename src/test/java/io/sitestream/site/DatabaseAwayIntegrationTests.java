package io.sitestream.site;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.kvstore.ReferenceInstance;
import io.sitestream.servers.LocalPostgres;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * PostgreSQL goes away under a running process and comes back.
 */
class DatabaseAwayIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	@Test
	void commandsAreAcceptedMeanwhileAndCarriedOutInOrderAfterwards() {
		Map<String, String> place = new LinkedHashMap<>(TestSpace.of("site").properties());
		try (LocalPostgres postgres = TestServers.separatePostgres()) {
			postgres.createDatabase("away");
			place.put("spring.datasource.url", postgres.url("away"));
			try (ReferenceInstance instance = ReferenceInstance.start(place, "site").awaitReady()) {
				ApiClient api = instance.api();
				assertThat(create(api, "before", "wait=30").status()).isEqualTo(201);
				postgres.stop();

				List<String> commands = IntStream.range(0, 20)
					.mapToObj((i) -> (i == 0) ? create(api, "meanwhile", "respond-async") : install(api, i))
					.map(DatabaseAwayIntegrationTests::location)
					.toList();
				Answer waiting = create(api, "waiting", "wait=1");
				assertThat(waiting.status()).as(waiting.body()).isEqualTo(202);
				assertThat(api.get("/api/sites/before").status()).as("reads need it").isEqualTo(503);
				assertThat(api.get(location(waiting)).json().at("/type").asString())
					.isEqualTo("urn:sitestream:problem:store-unavailable");

				postgres.start();
				commands.forEach((command) -> await().atMost(PATIENCE)
					.untilAsserted(
							() -> assertThat(api.get(command).json().at("/state").asString()).isEqualTo("DONE")));
				assertThat(commands.stream().map((command) -> api.get(command).json().at("/version").asInt()))
					.containsExactlyElementsOf(IntStream.rangeClosed(1, 20).boxed().toList());
				await().atMost(PATIENCE).until(() -> api.get("/api/sites/waiting").status() == 200);
				assertThat(api.get("/actuator/deadletters").json())
					.allSatisfy((count) -> assertThat(count.asLong()).isZero());
			}
		}
	}

	private static Answer create(ApiClient api, String siteId, String preference) {
		return api.post("/api/sites", "{\"siteId\":\"%s\",\"ownerId\":\"ann\",\"name\":\"N\"}".formatted(siteId),
				"Prefer", preference);
	}

	private static Answer install(ApiClient api, int number) {
		return api.put("/api/sites/meanwhile/apps/app-" + number, "{\"version\":\"1\"}", "Prefer", "respond-async");
	}

	private static String location(Answer accepted) {
		assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);
		return accepted.header("Location").orElseThrow();
	}

}
