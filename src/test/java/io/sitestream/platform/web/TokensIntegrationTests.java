package io.sitestream.platform.web;

import java.util.List;
import java.util.stream.Stream;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamTest;
import io.sitestream.TestTokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

@SitestreamTest(modules = "site", properties = "sitestream.security.mode=jwt")
class TokensIntegrationTests {

	private static final TestTokens ISSUER = new TestTokens();

	@LocalServerPort
	int port;

	ApiClient api;

	@DynamicPropertySource
	static void issuer(DynamicPropertyRegistry properties) {
		properties.add("spring.security.oauth2.resourceserver.jwt.public-key-location", ISSUER::publicKeyLocation);
	}

	@BeforeEach
	void connect() {
		this.api = new ApiClient(this.port);
	}

	@ParameterizedTest
	@CsvSource({ "GET, /api/sites/s", "POST, /api/sites", "DELETE, /api/sites/s", "GET, /api/nothing", "GET, /api",
			"GET, /actuator", "GET, /actuator/bindings", "GET, /actuator/modulith", "GET, /actuator/deadletters",
			"POST, /actuator/deadletters/x", "POST, /actuator/bindings/applySiteCommands-in-0", "GET, /actuator/env" })
	void callsWithoutATokenAreRefused(String method, String path) {
		Answer refused = this.api.send(method, path, "", "Account-Id", "ann");

		assertThat(refused.header("WWW-Authenticate")).hasValue("Bearer");
		assertIsProblem(refused, 401, "unauthenticated",
				"No token was sent: expected the header 'Authorization: Bearer <token>'.");
	}

	static Stream<String> unusableTokens() {
		return Stream.of("nonsense", ISSUER.expired("ann"), new TestTokens().of("ann"), ISSUER.withoutSubject(),
				ISSUER.of("ann").replaceAll("\\.[^.]*$", ".AAAA"),
				// {"alg":"none"} {"sub":"ann"}
				"eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4ifQ.");
	}

	@ParameterizedTest
	@MethodSource("unusableTokens")
	void callsWithAnUnusableTokenAreRefused(String token) {
		for (String path : List.of("/api/sites/s", "/actuator/bindings")) {
			Answer refused = this.api.get(path, "Authorization", "Bearer " + token);

			assertThat(refused.header("WWW-Authenticate")).hasValue("Bearer error=\"invalid_token\"");
			assertIsProblem(refused, 401, "unauthenticated", "The token is not valid: ");
		}
	}

	@Test
	void aTokenInTheQueryIsNone() {
		assertThat(this.api.get("/api/sites/s?access_token=" + ISSUER.of("ann")).status()).isEqualTo(401);
	}

	@Test
	void onlyTheOwnerChangesASite() {
		Answer created = this.api.post("/api/sites", "{\"siteId\":\"shop\",\"ownerId\":\"ann\",\"name\":\"Shop\"}",
				as("ann"));
		assertThat(created.status()).as(created.body()).isEqualTo(201);

		Answer foreign = this.api.put("/api/sites/shop/apps/chat", "{\"version\":\"1\"}", as("bob"));
		assertIsProblem(foreign, 403, "not-owner", "'shop'");
		assertIsProblem(this.api.delete("/api/sites/shop", as("bob")), 403, "not-owner", "'shop'");
		Answer pretended = this.api.send("DELETE", "/api/sites/shop", "", "Authorization", "Bearer " + ISSUER.of("bob"),
				"Account-Id", "ann", "Prefer", "wait=30");
		assertIsProblem(pretended, 403, "not-owner", "'shop'");

		assertThat(this.api.put("/api/sites/shop/apps/chat", "{\"version\":\"1\"}", as("ann")).status()).isEqualTo(201);
		assertThat(this.api.get("/api/sites/shop", as("bob")).json().at("/version").asInt()).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness",
			"/actuator/info", "/actuator/prometheus" })
	void whatOrchestratorsAskIsFree(String path) {
		assertThat(this.api.get(path).status()).isEqualTo(200);
	}

	@Test
	void healthTellsItsDetailsOnlyToThoseWhoHaveAToken() {
		assertThat(this.api.get("/actuator/health").json().has("components")).isFalse();
		assertThat(this.api.get("/actuator/health", as("ops")).json().at("/components/functions/details").isEmpty())
			.isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator", "/actuator/bindings", "/actuator/modulith", "/actuator/deadletters" })
	void operatorsNeedAToken(String path) {
		assertThat(this.api.get(path, as("ops")).status()).isEqualTo(200);
	}

	private static String[] as(String account) {
		return new String[] { "Authorization", "Bearer " + ISSUER.of(account), "Prefer", "wait=30" };
	}

	private static void assertIsProblem(Answer answer, int status, String slug, String detail) {
		assertThat(answer.status()).as(answer.body()).isEqualTo(status);
		assertThat(answer.header("Content-Type").orElseThrow()).startsWith("application/problem+json");
		assertThat(answer.json().at("/type").asString()).isEqualTo("urn:sitestream:problem:" + slug);
		assertThat(answer.json().at("/status").asInt()).isEqualTo(status);
		assertThat(answer.json().at("/detail").asString()).contains(detail);
	}

}
