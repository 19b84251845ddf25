package io.sitestream.platform.web;

import java.util.List;
import java.util.stream.Stream;

import io.sitestream.ApiClient.Answer;
import io.sitestream.TestTokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TokensIntegrationTests extends TokenSecuredTests {

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
				as("ann", "sites:write"));
		assertThat(created.status()).as(created.body()).isEqualTo(201);

		Answer foreign = this.api.put("/api/sites/shop/apps/chat", "{\"version\":\"1\"}", as("bob", "sites:write"));
		assertIsProblem(foreign, 403, "not-owner", "'shop'");
		assertIsProblem(this.api.delete("/api/sites/shop", as("bob", "sites:write")), 403, "not-owner", "'shop'");
		Answer pretended = this.api.send("DELETE", "/api/sites/shop", "", "Authorization",
				"Bearer " + ISSUER.of("bob", "sites:write"), "Account-Id", "ann", "Prefer", "wait=30");
		assertIsProblem(pretended, 403, "not-owner", "'shop'");

		assertThat(this.api.put("/api/sites/shop/apps/chat", "{\"version\":\"1\"}", as("ann", "sites:write")).status())
			.isEqualTo(201);
		assertThat(this.api.get("/api/sites/shop", as("bob", "sites:write")).json().at("/version").asInt())
			.isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness" })
	void whatOrchestratorsAskIsFree(String path) {
		assertThat(this.api.get(path).status()).isEqualTo(200);
	}

	@Test
	void healthTellsItsDetailsOnlyToOperators() {
		assertThat(this.api.get("/actuator/health").json().has("components")).isFalse();
		assertThat(this.api.get("/actuator/health", as("ann", "sites:write")).json().has("components")).isFalse();
		assertThat(this.api.get("/actuator/health", as("operator", "ops"))
			.json()
			.at("/components/functions/details")
			.isEmpty()).isFalse();
	}

}
