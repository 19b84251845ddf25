package io.sitestream;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import io.sitestream.ApiClient.Answer;
import io.sitestream.contactjobs.ImportClient;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The five functions without a group, which an operator stops or pauses and starts again,
 * one at a time, in a process that runs everything.
 */
@SitestreamTest
class StoppedBindingsIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final String TOKEN = "Consistency-Token";

	@Value("${spring.kafka.bootstrap-servers}")
	String servers;

	@Value("${sitestream.topics.prefix}")
	String prefix;

	@LocalServerPort
	int port;

	ApiClient api;

	TopicProbe probe;

	@BeforeEach
	void connect() {
		this.api = new ApiClient(this.port);
		this.probe = new TopicProbe(this.servers, this.prefix);
		awaitAllUp();
	}

	@AfterEach
	void goOn() {
		// others use this application, too
		for (String function : List.of("refreshCountries", "refreshTimeZones", "refreshTicketingTimeZones",
				"refreshContactImports", "settleSiteCommands")) {
			change(function, "STARTED");
			change(function, "RESUMED");
		}
		this.probe.close();
	}

	@ParameterizedTest
	@CsvSource({ "STOPPED, STARTED", "PAUSED, RESUMED" })
	void countriesGoOnWithWhatWasWrittenMeanwhile(String end, String begin) {
		Answer put = this.api.put("/api/countries/FI", "{\"name\":\"Finland\"}");
		String token = put.header(TOKEN).orElseThrow();
		String name = "Suomi " + UUID.randomUUID();

		change("refreshCountries", end);
		assertRefused(this.api.get("/api/countries"));
		assertRefused(this.api.get("/api/countries/FI", TOKEN, token, "Prefer", "wait=30"));
		assertRefused(this.api.put("/api/countries/FI", "{\"name\":\"x\"}"));
		assertRefused(this.api.delete("/api/countries/FI"));
		assertOnlyThisIsOut("refreshCountries", "countries", end);
		this.probe.put("countries", "FI",
				"{\"code\":\"FI\",\"name\":\"%s\",\"alpha3\":\"FIN\",\"currency\":\"EUR\"}".formatted(name));

		change("refreshCountries", begin);
		awaitOk("/api/countries/FI");
		assertThat(this.api.get("/api/countries/FI", TOKEN, token).json().at("/name").asString())
			.as("nothing old is shown")
			.isEqualTo(name);
		assertThat(this.api.put("/api/countries/FI", "{\"name\":\"Finland\"}").status()).isEqualTo(200);
		assertThat(this.api.get("/api/countries/FI").json().at("/name").asString()).isEqualTo("Finland");
	}

	@ParameterizedTest
	@CsvSource({ "refreshTimeZones, time-zones, /api/bookings, /api/ticketing, GR, Europe/Athens",
			"refreshTicketingTimeZones, ticketing-time-zones, /api/ticketing, /api/bookings, PT, Atlantic/Azores" })
	void timeZonesGoOnWithWhatWasDerivedMeanwhile(String function, String store, String here, String there, String code,
			String zone) {
		assertThat(this.api.get("%s/time-zones/%s".formatted(here, zone)).status()).isEqualTo(404);

		change(function, "STOPPED");
		assertRefused(this.api.get(here + "/time-zones"));
		assertOnlyThisIsOut(function, store, "STOPPED");
		assertThat(this.api.put("/api/countries/" + code, "{\"name\":\"of olives\"}").status()).isEqualTo(201);
		awaitOk("%s/time-zones/%s".formatted(there, zone));

		change(function, "STARTED");
		await().atMost(PATIENCE)
			.until(() -> this.api.get("%s/time-zones/%s".formatted(here, zone)).status(), (status) -> status != 503);
		assertThat(this.api.get("%s/time-zones/%s".formatted(here, zone)).status()).isEqualTo(200);
		assertThat(this.api.delete("/api/countries/" + code).status()).isEqualTo(204);
		await().atMost(PATIENCE).until(() -> this.api.get("%s/time-zones/%s".formatted(here, zone)).status() == 404);
	}

	@Test
	void importsGoOnWithWhatWasTrackedMeanwhile() {
		ImportClient client = new ImportClient(this.port);
		String path = ImportClient.accepted(client.upload("name,email\nAnn,ann@example.org\n", ""));
		String known = path.substring(path.lastIndexOf('/') + 1);
		client.awaitDone(path);
		String other = UUID.randomUUID().toString();

		change("refreshContactImports", "STOPPED");
		assertRefused(client.get(path));
		assertRefused(client.upload("name,email\nBen,ben@example.org\n", ""));
		assertOnlyThisIsOut("refreshContactImports", "contact-imports", "STOPPED");
		this.probe.put("contact-imports", other, newest("contact-imports", known).replace(known, other));

		change("refreshContactImports", "STARTED");
		await().atMost(PATIENCE).until(() -> client.get(path).statusCode() == 200);
		assertThat(client.get("/api/contact-imports/" + other).statusCode()).isEqualTo(200);
		assertThat(client.importAndAwait("name,email\nBen,ben@example.org\n", "").at("/state").asString())
			.isEqualTo("COMPLETED");
	}

	@Test
	void commandsAreSettledAgain() {
		change("settleSiteCommands", "STOPPED");
		Answer unsettled = create("1");
		assertThat(unsettled.status()).as(unsettled.body()).isEqualTo(202);
		assertThat(functions().at("/details/settleSiteCommands/state").asString()).isEqualTo("STOPPED");
		assertThat(functions().at("/status").asString()).isNotEqualTo("UP");
		assertThat(this.api.get("/actuator/health/readiness").status()).isEqualTo(200);

		change("settleSiteCommands", "STARTED");
		await().atMost(PATIENCE).untilAsserted(() -> {
			Answer settled = create("5");
			assertThat(settled.status()).as(settled.body()).isEqualTo(201);
		});
	}

	private Answer create(String patience) {
		return this.api.post("/api/sites",
				"{\"siteId\":\"site-%s\",\"ownerId\":\"ann\",\"name\":\"new\"}".formatted(UUID.randomUUID()), "Prefer",
				"wait=" + patience);
	}

	private void awaitAllUp() {
		await().atMost(PATIENCE).untilAsserted(() -> {
			assertThat(this.api.get("/actuator/health/readiness").status()).isEqualTo(200);
			JsonNode functions = functions();
			assertThat(functions.at("/status").asString()).as(functions.toString()).isEqualTo("UP");
			// topics that are written in transactions end with a marker
			functions.at("/details")
				.properties()
				.forEach((entry) -> assertThat(entry.getValue().path("lag").asInt(-1)).as(entry.toString()).isZero());
		});
	}

	private void awaitOk(String path) {
		await().atMost(PATIENCE).until(() -> this.api.get(path).status() == 200);
	}

	private void change(String function, String state) {
		assertThat(
				this.api.post("/actuator/bindings/%s-in-0".formatted(function), "{\"state\":\"%s\"}".formatted(state))
					.status())
			.isEqualTo(204);
	}

	/**
	 * One function and its store are out, readiness says so, and all others go on.
	 */
	private void assertOnlyThisIsOut(String function, String store, String state) {
		assertThat(this.api.get("/actuator/health/readiness").status()).isEqualTo(503);
		JsonNode stores = this.api.get("/actuator/kvstores").json();
		assertThat(stores.propertyNames().stream().filter((name) -> !stores.path(name).path("ready").asBoolean()))
			.containsExactly(store);
		JsonNode functions = functions();
		assertThat(functions.at("/status").asString()).isNotEqualTo("UP");
		functions.at("/details")
			.properties()
			.forEach((entry) -> assertThat(entry.getValue().path("state").asString()).as(entry.getKey())
				.isEqualTo(entry.getKey().equals(function) ? state : "RUNNING"));
	}

	private JsonNode functions() {
		return this.api.get("/actuator/health/functions").json();
	}

	private String newest(String topic, String key) {
		List<ConsumerRecord<byte[], byte[]>> records = this.probe.committed(topic)
			.stream()
			.filter((record) -> new String(record.key()).equals(key))
			.toList();
		return TopicProbe.value(records.getLast());
	}

	private static void assertRefused(Answer answer) {
		assertRefused(answer.response());
	}

	private static void assertRefused(HttpResponse<String> answer) {
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
		assertThat(answer.body()).contains("urn:sitestream:problem:store-not-ready", "does not follow topic");
	}

}
