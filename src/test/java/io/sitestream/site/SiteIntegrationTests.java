package io.sitestream.site;

import java.time.Duration;
import java.util.List;
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
	void refusesAnotherRequestWithAKeyThatWasUsed() {
		String create = "{\"siteId\":\"keyed\",\"ownerId\":\"ann\",\"name\":\"K\",\"apps\":[{\"appId\":\"a\",\"version\":\"1\"}]}";
		String same = "{\"apps\":[{\"version\":\"1\",\"appId\":\"a\",\"status\":\"ENABLED\"}], \"name\":\"K\",\"ownerId\":\"ann\",\"siteId\":\"keyed\",\"locale\":null}";
		Answer first = this.api.post("/api/sites", create, key("k-2"));

		assertThat(first.status()).isEqualTo(201);
		assertThat(this.api.post("/api/sites", same, key("k-2")).body()).isEqualTo(first.body());
		assertReused(this.api.post("/api/sites", create.replace("\"K\"", "\"L\""), key("k-2")));
		assertReused(this.api.post("/api/sites", create.replace("keyed", "other"), key("k-2")));
		assertReused(this.api.post("/api/sites", create.replace("\"siteId\":\"keyed\",", ""), key("k-2")));
		assertReused(this.api.put("/api/sites/keyed", "{\"ownerId\":\"ann\",\"name\":\"K\"}", key("k-2")));
		assertReused(this.api.delete("/api/sites/keyed", key("k-2")));
		assertReused(this.api.post("/api/sites", create, "If-None-Match", "*", "Idempotency-Key", "k-2", "Prefer",
				"wait=30"));
		assertThat(this.api.get("/api/sites/keyed").json()).isEqualTo(first.json());
		assertThat(this.api.get("/api/sites/other").status()).isEqualTo(404);
	}

	@Test
	void givesARepeatedRequestThatNamesNoSiteTheFirstOne() {
		String create = "{\"ownerId\":\"ann\",\"name\":\"N\",\"apps\":[{\"appId\":\"a\",\"version\":\"1\"}]}";
		Answer first = this.api.post("/api/sites", create, key("k-3"));

		Answer again = this.api.post("/api/sites", create, key("k-3"));

		assertThat(again.status()).isEqualTo(201);
		assertThat(again.header("Location")).isEqualTo(first.header("Location"));
		assertThat(again.body()).isEqualTo(first.body());
	}

	@Test
	void tellsNobodyWhoWasRefusedThatTheFirstRequestWithTheKeyIsDone() {
		String create = "{\"siteId\":\"async\",\"ownerId\":\"ann\",\"name\":\"A\"}";
		String location = this.api.post("/api/sites", create, "Idempotency-Key", "k-4", "Prefer", "respond-async")
			.header("Location")
			.orElseThrow();
		String other = this.api.delete("/api/sites/async", "Idempotency-Key", "k-4", "Prefer", "respond-async")
			.header("Location")
			.orElseThrow();

		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(this.api.get(location).json().at("/state").asString()).isEqualTo("DONE"));
		assertThat(location).endsWith("/" + this.api.get(location).json().at("/commandId").asString());
		assertThat(this.api.get(other).json().at("/state").asString()).isEqualTo("REFUSED");
		assertThat(this.api.get(other).json().at("/status").asInt()).isEqualTo(422);
		assertThat(this.api.get(location.substring(0, location.indexOf('.'))).json().at("/version").asLong())
			.as("by the id alone")
			.isEqualTo(1);
		assertThat(this.api.get("/api/sites/async").status()).isEqualTo(200);
	}

	@Test
	void passesNoPreconditionOver() {
		String body = "{\"siteId\":\"cond\",\"ownerId\":\"ann\",\"name\":\"C\"}";
		assertThat(this.api.post("/api/sites", body, "If-Match", "*", "Prefer", "wait=30").status()).isEqualTo(412);
		assertThat(this.api.post("/api/sites", body, "If-None-Match", "*", "Prefer", "wait=30").status())
			.isEqualTo(201);

		for (Answer refused : List.of(this.api.post("/api/sites", body, "If-None-Match", "*", "Prefer", "wait=30"),
				this.api.put("/api/sites/cond", "{\"ownerId\":\"ann\",\"name\":\"C\"}", "If-None-Match", "*", "Prefer",
						"wait=30"),
				this.api.delete("/api/sites/cond", "If-None-Match", "\"9\", W/\"1\"", "Prefer", "wait=30"),
				this.api.delete("/api/sites/cond", "If-Match", "\"7\"", "If-Match", "\"8\"", "Prefer", "wait=30"))) {
			assertThat(refused.status()).as(refused.body()).isEqualTo(412);
			assertThat(refused.header("ETag")).hasValue("\"1\"");
			assertThat(refused.json().at("/type").asString()).isEqualTo("urn:sitestream:problem:version-conflict");
		}
		Answer unread = this.api.put("/api/sites/cond/apps/a", "{\"version\":\"1\"}", "If-None-Match", "x");
		assertThat(unread.status()).isEqualTo(400);
		assertThat(unread.json().at("/type").asString()).isEqualTo("urn:sitestream:problem:invalid-if-none-match");
		String many = "\"7\",".repeat(1_500) + "\"1\"";
		assertThat(this.api
			.put("/api/sites/cond/apps/a", "{\"version\":\"1\"}", "If-Match", many, "If-None-Match", "*", "Prefer",
					"wait=30")
			.status()).isEqualTo(201);
	}

	private static String[] key(String key) {
		return new String[] { "Idempotency-Key", key, "Prefer", "wait=30" };
	}

	private static void assertReused(Answer answer) {
		assertThat(answer.status()).as(answer.body()).isEqualTo(422);
		assertThat(answer.json().at("/type").asString()).isEqualTo("urn:sitestream:problem:idempotency-key-reused");
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
