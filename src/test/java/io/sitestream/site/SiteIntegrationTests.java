package io.sitestream.site;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SitestreamTest(modules = "site")
class SiteIntegrationTests {

	@LocalServerPort
	int port;

	ApiClient api;

	@BeforeEach
	void connect() {
		this.api = new ApiClient(this.port);
	}

	@Test
	void createsASiteAndCountsItsChanges() {
		Answer created = this.api.post("/api/sites", """
				{"siteId":"shop","ownerId":"ann","name":"Shop","apps":[{"appId":"chat","version":"1"}]}""", "Prefer",
				"wait=30");

		assertThat(created.status()).as(created.body()).isEqualTo(201);
		assertThat(created.header("Location")).hasValue("/api/sites/shop");
		assertThat(created.header("ETag")).hasValue("\"1\"");
		assertThat(created.header("Consistency-Token")).isPresent();
		assertThat(created.json().at("/apps/0/status").asString()).isEqualTo("ENABLED");

		Answer installed = this.api.put("/api/sites/shop/apps/store", "{\"version\":\"2\"}", "Prefer", "wait=30");
		assertThat(installed.status()).isEqualTo(201);
		assertThat(installed.header("ETag")).hasValue("\"2\"");

		Answer removed = this.api.delete("/api/sites/shop/apps/chat", "Prefer", "wait=30");
		assertThat(removed.status()).isEqualTo(204);
		assertThat(removed.header("ETag")).hasValue("\"3\"");

		Answer read = this.api.get("/api/sites/shop");
		assertThat(read.json().at("/version").asLong()).isEqualTo(3);
		assertThat(read.json().at("/apps").size()).isEqualTo(1);
		assertThat(read.json().at("/apps/0/appId").asString()).isEqualTo("store");
	}

	@Test
	void refusesWhatCannotBeDone() {
		assertThat(this.api.delete("/api/sites/nowhere", "Prefer", "wait=30").json().at("/type").asString())
			.isEqualTo("urn:sitestream:problem:unknown-site");
		this.api.post("/api/sites", "{\"siteId\":\"twice\",\"ownerId\":\"ann\",\"name\":\"Twice\"}", "Prefer",
				"wait=30");

		Answer again = this.api.post("/api/sites", "{\"siteId\":\"twice\",\"ownerId\":\"ann\",\"name\":\"Twice\"}",
				"Prefer", "wait=30");
		assertThat(again.status()).isEqualTo(409);
		assertThat(again.header("Content-Type")).hasValue("application/problem+json");
		assertThat(again.json().at("/type").asString()).isEqualTo("urn:sitestream:problem:site-exists");

		Answer stale = this.api.delete("/api/sites/twice", "If-Match", "\"7\"", "Prefer", "wait=30");
		assertThat(stale.status()).isEqualTo(412);
		assertThat(stale.json().at("/detail").asString())
			.isEqualTo("Site 'twice' has version 1, If-Match asked for 7: read it again and repeat the change on it.");
		assertThat(this.api.get("/actuator/deadletters").json()).as("a refusal is an answer and no dead letter")
			.isNotEmpty()
			.allSatisfy((count) -> assertThat(count.asLong()).isZero());
	}

	@Test
	void continuesTheVersionsOfASiteThatComesBack() {
		String body = "{\"siteId\":\"phoenix\",\"ownerId\":\"ann\",\"name\":\"Phoenix\"}";
		this.api.post("/api/sites", body, "Prefer", "wait=30");
		this.api.delete("/api/sites/phoenix", "Prefer", "wait=30");

		assertThat(this.api.post("/api/sites", body, "Prefer", "wait=30").header("ETag")).hasValue("\"3\"");
	}

	@Test
	void carriesARepeatedCommandOutOnce() {
		String body = "{\"siteId\":\"once\",\"ownerId\":\"ann\",\"name\":\"Once\"}";

		Answer first = this.api.post("/api/sites", body, "Idempotency-Key", "k-1", "Prefer", "wait=30");
		Answer second = this.api.post("/api/sites", body, "Idempotency-Key", "k-1", "Prefer", "wait=30");

		assertThat(first.status()).isEqualTo(201);
		assertThat(second.status()).isEqualTo(201);
		assertThat(second.body()).isEqualTo(first.body());
		assertThat(this.api.get("/api/sites/once").json().at("/version").asLong()).isEqualTo(1);
	}

	@Test
	void tellsLaterWhatCameOfACommandThatNobodyWaitedFor() {
		Answer accepted = this.api.post("/api/sites", "{\"siteId\":\"later\",\"ownerId\":\"ann\",\"name\":\"Later\"}",
				"Prefer", "respond-async");

		assertThat(accepted.status()).isEqualTo(202);
		String location = accepted.header("Location").orElseThrow();
		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(this.api.get(location).json().at("/state").asString()).isEqualTo("DONE"));
		assertThat(this.api.get(location).json().at("/status").asInt()).isEqualTo(201);
		assertThat(this.api.get("/api/site-commands/nobody-asked").status()).isEqualTo(404);
	}

	@Test
	void refusesUnknownProperties() {
		Answer refused = this.api.post("/api/sites", "{\"ownerId\":\"ann\",\"name\":\"N\",\"colour\":\"red\"}");

		assertThat(refused.status()).isEqualTo(400);
		assertThat(refused.json().at("/type").asString()).isEqualTo("urn:sitestream:problem:unknown-property");
		assertThat(refused.json().at("/detail").asString()).startsWith("Property 'colour' is unknown.");
	}

	@Test
	void refusesASiteThatFitsIntoNoRecord() {
		String apps = IntStream.range(0, 950)
			.mapToObj((i) -> "{\"appId\":\"app-%d\",\"version\":\"%s\"}".formatted(i, "v".repeat(900)))
			.collect(Collectors.joining(","));

		Answer refused = this.api.post("/api/sites",
				"{\"siteId\":\"huge\",\"ownerId\":\"ann\",\"name\":\"Huge\",\"apps\":[" + apps + "]}", "Prefer",
				"wait=30");

		assertThat(refused.status()).isEqualTo(413);
		assertThat(refused.json().at("/type").asString()).isEqualTo("urn:sitestream:problem:site-too-large");
		assertThat(this.api.get("/api/sites/huge").status()).isEqualTo(404);
	}

	@Test
	void refusesBeforeItWritesWhatItCouldNotAnswer() {
		String body = "{\"siteId\":\"html\",\"ownerId\":\"ann\",\"name\":\"H\"}";

		assertThat(this.api.post("/api/sites", body, "Accept", "text/html").status()).isEqualTo(406);
		assertThat(
				this.api.post("/api/sites", "{\"siteId\":\"null\",\"ownerId\":\"ann\",\"name\":\"N\",\"apps\":[null]}")
					.json()
					.at("/type")
					.asString())
			.isEqualTo("urn:sitestream:problem:invalid-site");

		assertThat(this.api.get("/api/sites/html").status()).isEqualTo(404);
	}

	@Test
	void neverTakesAWeakETagForTheVersionThatItNames() {
		this.api.post("/api/sites", "{\"siteId\":\"weak\",\"ownerId\":\"ann\",\"name\":\"W\"}", "Prefer", "wait=30");

		assertThat(this.api.delete("/api/sites/weak", "If-Match", "W/\"1\"", "Prefer", "wait=30").status())
			.isEqualTo(412);
		assertThat(this.api.delete("/api/sites/weak", "If-Match", "\"1\"", "Prefer", "wait=30").status())
			.isEqualTo(204);
	}

	@Test
	void takesAnyOfSeveralVersions() {
		this.api.post("/api/sites", "{\"siteId\":\"any\",\"ownerId\":\"ann\",\"name\":\"A\"}", "Prefer", "wait=30");

		Answer none = this.api.delete("/api/sites/any", "If-Match", "\"7\", \"8\"", "Prefer", "wait=30");
		assertThat(none.status()).isEqualTo(412);
		assertThat(none.json().at("/detail").asString())
			.startsWith("Site 'any' has version 1, If-Match asked for 7 or 8:");
		assertThat(this.api.delete("/api/sites/any", "If-Match", "\"7\", \"1\"", "Prefer", "wait=30").status())
			.isEqualTo(204);
	}

}
