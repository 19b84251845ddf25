package io.sitestream.platform.modules;

import java.time.Duration;
import java.util.function.Consumer;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.cloud.stream.config.BindingServiceProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One function of a module that has two.
 */
@SitestreamTest(modules = "bookings", properties = "sitestream.functions=deriveTimeZones")
class FunctionSelectionIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@Autowired
	ApplicationContext context;

	@Autowired
	Environment environment;

	@LocalServerPort
	int port;

	ApiClient api;

	@BeforeEach
	void connect() {
		this.api = new ApiClient(this.port);
	}

	@Test
	void theOtherFunctionsAreGoneBeanAndBinding() {
		assertThat(this.context.getBeansOfType(Consumer.class)).containsKey("deriveTimeZones")
			.doesNotContainKey("refreshTimeZones");
		assertThat(this.environment.getProperty("spring.cloud.function.definition")).isEqualTo("deriveTimeZones");
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.api.get("/actuator/bindings").body()).contains("deriveTimeZones-in-0")
				.doesNotContain("refreshTimeZones-in-0"));
	}

	@Test
	void theProcessIsReadyThoughNobodyFeedsItsStore() {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.api.get("/actuator/health/readiness").status()).isEqualTo(200));

		Answer zones = this.api.get("/api/bookings/time-zones");
		assertThat(zones.status()).isEqualTo(503);
		assertThat(zones.json().at("/type").asString()).isEqualTo("urn:sitestream:problem:store-not-ready");
	}

}
