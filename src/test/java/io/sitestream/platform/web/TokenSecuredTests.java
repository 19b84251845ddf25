package io.sitestream.platform.web;

import java.time.Duration;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamTest;
import io.sitestream.TestTokens;
import org.junit.jupiter.api.BeforeEach;

import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The application in mode {@code jwt}, one for all tests that extend this.
 */
@SitestreamTest(properties = "sitestream.security.mode=jwt")
abstract class TokenSecuredTests {

	static final TestTokens ISSUER = new TestTokens();

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
		await("the stores").atMost(Duration.ofSeconds(60))
			.until(() -> this.api.get("/actuator/health/readiness").status() == 200);
	}

	static String[] as(String account, String... scopes) {
		return bearing(ISSUER.of(account, scopes));
	}

	static String[] bearing(String token) {
		return new String[] { "Authorization", "Bearer " + token, "Prefer", "wait=30" };
	}

	static void assertIsProblem(Answer answer, int status, String slug, String detail) {
		assertThat(answer.status()).as(answer.body()).isEqualTo(status);
		assertThat(answer.header("Content-Type").orElseThrow()).startsWith("application/problem+json");
		assertThat(answer.json().at("/type").asString()).isEqualTo("urn:sitestream:problem:" + slug);
		assertThat(answer.json().at("/status").asInt()).isEqualTo(status);
		assertThat(answer.json().at("/detail").asString()).contains(detail);
	}

}
