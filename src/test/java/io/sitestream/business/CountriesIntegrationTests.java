package io.sitestream.business;

import java.time.Duration;
import java.time.Instant;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamTest;
import io.sitestream.platform.ConsistencyToken;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SitestreamTest(modules = "business")
class CountriesIntegrationTests {

	@LocalServerPort
	int port;

	ApiClient api;

	@BeforeEach
	void connect() {
		this.api = new ApiClient(this.port);
		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(this.api.get("/actuator/health/readiness").status()).isEqualTo(200));
	}

	@Test
	void areCreatedChangedAndRemoved() {
		Answer created = this.api.put("/api/countries/CI", "{\"name\":\"Ivory Coast\"}");
		Answer changed = this.api.put("/api/countries/CI", "{\"name\":\"Côte d’Ivoire\"}");

		assertThat(created.status()).isEqualTo(201);
		assertThat(created.header("Location")).hasValue("/api/countries/CI");
		assertThat(changed.status()).isEqualTo(200);
		assertThat(this.api.get("/api/countries/CI").body())
			.isEqualTo("{\"code\":\"CI\",\"name\":\"Côte d’Ivoire\",\"alpha3\":\"CIV\",\"currency\":\"XOF\"}");

		assertThat(this.api.delete("/api/countries/CI").status()).isEqualTo(204);
		assertThat(this.api.get("/api/countries/CI").status()).isEqualTo(404);
		assertThat(this.api.delete("/api/countries/CI").status()).isEqualTo(404);
	}

	@Test
	void areWrittenOnlyAsPreconditionsDemand() {
		String body = "{\"name\":\"Malta\"}";
		assertThat(this.api.put("/api/countries/MT", body, "If-Match", "*").status()).isEqualTo(412);
		assertThat(this.api.put("/api/countries/MT", body, "If-None-Match", "*").status()).isEqualTo(201);

		assertProblem(this.api.put("/api/countries/MT", body, "If-None-Match", "*"), 412, "version-conflict",
				"Country 'MT' exists, and has no versions, If-None-Match asked for none: leave it as it is, or repeat without.");
		assertThat(this.api.delete("/api/countries/MT", "If-Match", "\"1\"").status()).isEqualTo(412);
		assertThat(this.api.delete("/api/countries/MT", "If-Match", "1").status()).isEqualTo(400);
		assertThat(this.api.delete("/api/countries/MT", "If-Match", "*").status()).isEqualTo(204);
	}

	@Test
	void areListedWholeByCode() {
		this.api.put("/api/countries/ZW", "{\"name\":\"Zimbabwe\"}");
		this.api.put("/api/countries/ZA", "{\"name\":\"South Africa\"}");

		Answer list = this.api.get("/api/countries");

		assertThat(list.json().path("items").findValuesAsString("code")).containsSubsequence("ZA", "ZW");
		assertThat(list.json().has("next")).isTrue();
		assertThat(list.json().path("next").isNull()).isTrue();
	}

	@Test
	void mayHaveNoCurrency() {
		assertThat(this.api.put("/api/countries/AQ", "{\"name\":\"Antarctica\"}").body())
			.isEqualTo("{\"code\":\"AQ\",\"name\":\"Antarctica\",\"alpha3\":\"ATA\",\"currency\":null}");
	}

	@Test
	void thatIsoDoesNotKnowAreRefused() {
		assertProblem(this.api.put("/api/countries/XX", "{\"name\":\"Nowhere\"}"), 400, "invalid-country",
				"'XX' is no country: expected a code of ISO 3166-1 alpha-2 in capitals, as SS.");
		assertProblem(this.api.put("/api/countries/ss", "{\"name\":\"South Sudan\"}"), 400, "invalid-country",
				"'ss' is no country: expected a code of ISO 3166-1 alpha-2 in capitals, as SS.");
		assertProblem(this.api.delete("/api/countries/ZZ"), 400, "invalid-country",
				"'ZZ' is no country: expected a code of ISO 3166-1 alpha-2 in capitals, as SS.");
	}

	@Test
	void withANameThatIsNoneAreRefused() {
		String detail = "The name of country 'SE' is not allowed: at most 200 characters, none of them a control character.";
		assertProblem(this.api.put("/api/countries/SE", "{\"name\":\"" + "x".repeat(201) + "\"}"), 400,
				"invalid-country", detail);
		assertProblem(this.api.put("/api/countries/SE", "{\"name\":\"Swe\\u0000den\"}"), 400, "invalid-country",
				detail);
	}

	@Test
	void withoutNameAreRefused() {
		assertProblem(this.api.put("/api/countries/SE", "{\"name\":\" \"}"), 400, "invalid-country",
				"The name of country 'SE' is missing: expected {\"name\": \"…\"}.");
		assertThat(this.api.put("/api/countries/SE", "{\"name\":\"Sweden\",\"size\":1}").json().path("type").asString())
			.isEqualTo("urn:sitestream:problem:unknown-property");
	}

	@Test
	void areReadAtLeastAsNewAsTheTokenOfAWrite() {
		String token = this.api.put("/api/countries/NO", "{\"name\":\"Norway\"}")
			.header(ConsistencyToken.HEADER)
			.orElseThrow();

		Answer answer = this.api.get("/api/countries/NO", ConsistencyToken.HEADER, token);

		assertThat(answer.status()).isEqualTo(200);
	}

	@Test
	void areRefusedWhileTheStoreIsBehindAToken() {
		String later = new ConsistencyToken("countries", "0", 1_000_000, Instant.now()).encode();

		Answer answer = this.api.get("/api/countries", ConsistencyToken.HEADER, later, "Prefer", "wait=0");

		assertProblem(answer, 503, "store-behind",
				"Store 'countries' does not show offset 1000000 of partition 0 yet, after 0 ms: try again, or wait longer with Prefer: wait=<s>.");
		assertThat(answer.header("Retry-After")).hasValue("1");
	}

	@Test
	void refuseTheTokenOfAnotherResource() {
		String foreign = new ConsistencyToken("sites", "s1", 3, Instant.now()).encode();

		assertThat(this.api.get("/api/countries", ConsistencyToken.HEADER, foreign).json().path("type").asString())
			.isEqualTo("urn:sitestream:problem:foreign-token");
		assertThat(this.api.get("/api/countries", ConsistencyToken.HEADER, "?").json().path("type").asString())
			.isEqualTo("urn:sitestream:problem:invalid-token");
	}

	private static void assertProblem(Answer answer, int status, String slug, String detail) {
		assertThat(answer.status()).isEqualTo(status);
		assertThat(answer.header("Content-Type")).hasValue("application/problem+json");
		assertThat(answer.json().path("type").asString()).isEqualTo("urn:sitestream:problem:" + slug);
		assertThat(answer.json().path("detail").asString()).isEqualTo(detail);
	}

}
