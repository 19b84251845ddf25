package io.sitestream;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import io.sitestream.ApiClient.Answer;
import io.sitestream.platform.kafka.FunctionTable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * What an operator asks a process that runs everything.
 */
@SitestreamTest
class OperationsIntegrationTests {

	@Autowired
	FunctionTable functions;

	@LocalServerPort
	int port;

	ApiClient api;

	@BeforeEach
	void connect() {
		this.api = new ApiClient(this.port);
	}

	@Test
	void theBuildIsNamed() {
		JsonNode build = actuator("info").at("/build");

		assertThat(build.at("/artifact").asString()).isEqualTo("sitestream");
		assertThat(build.at("/version").asString()).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
		assertThat(build.at("/time").asString()).isNotBlank();
	}

	@Test
	void theCommitIsNamed() {
		assumeThat(Files.exists(Path.of(".git"))).as("built from a clone").isTrue();

		assertThat(actuator("info").at("/git/commit/id").asString()).matches("[0-9a-f]{7,40}");
	}

	@Test
	void theModulesAreShown() {
		assertThat(actuator("modulith").propertyNames()).containsExactlyInAnyOrder("site", "projection", "appswriter",
				"appsreader", "notification", "kvstore", "contactjobs", "contactimporter", "business", "bookings",
				"ticketing", "platform");
	}

	@Test
	void theBindingsOfAllFunctionsRun() {
		await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
			JsonNode bindings = actuator("bindings");
			assertThat(bindings.valueStream().map((binding) -> binding.at("/bindingName").asString()))
				.containsExactlyInAnyOrderElementsOf(
						this.functions.rows().keySet().stream().map((name) -> name + "-in-0").toList());
			assertThat(bindings.valueStream().map((binding) -> binding.at("/state").asString()))
				.containsOnly("running");
		});
	}

	@Test
	void functionsThatConsumeAreNotCalled() {
		Answer answer = this.api.post("/functions/projectInstalledApps", "{}");

		assertThat(answer.status()).isEqualTo(404);
		assertThat(answer.json().at("/type").asString()).isEqualTo("urn:sitestream:problem:not-found");
	}

	@Test
	void metricsAreThereForPrometheus() {
		assertThat(this.api.get("/actuator/prometheus").body()).contains("jvm_memory_used_bytes", "application_ready");
	}

	private JsonNode actuator(String endpoint) {
		ApiClient.Answer answer = this.api.get("/actuator/" + endpoint);
		assertThat(answer.status()).as(answer.body()).isEqualTo(200);
		return answer.json();
	}

}
