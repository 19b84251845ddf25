package io.sitestream.platform.web;

import io.sitestream.ApiClient;
import io.sitestream.SitestreamTest;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

@SitestreamTest(modules = "ticketing",
		properties = { "sitestream.security.mode=jwt", "management.endpoints.web.base-path=/manage" })
class MovedActuatorIntegrationTests {

	@LocalServerPort
	int port;

	@DynamicPropertySource
	static void issuer(DynamicPropertyRegistry properties) {
		properties.add("spring.security.oauth2.resourceserver.jwt.public-key-location",
				TokenSecuredTests.ISSUER::publicKeyLocation);
	}

	@Test
	void anActuatorThatWasMovedIsStillForOperators() {
		ApiClient api = new ApiClient(this.port);

		assertThat(api.get("/manage/health/liveness").status()).isEqualTo(200);
		for (String path : new String[] { "/manage", "/manage/info", "/manage/deadletters" }) {
			assertThat(api.get(path).status()).as(path).isEqualTo(401);
			assertThat(api.get(path, TokenSecuredTests.as("ann", "openid")).status()).as(path).isEqualTo(403);
			assertThat(api.get(path, TokenSecuredTests.as("ann", "ops")).status()).as(path).isEqualTo(200);
		}
		assertThat(api.post("/manage/deadletters/t", "{}", TokenSecuredTests.as("ann", "openid")).status())
			.isEqualTo(403);
	}

}
