package io.sitestream.ticketing;

import java.time.Duration;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The third pattern as its users see it.
 */
@SitestreamTest(modules = { "business", "bookings", "ticketing" })
class SouthSudanIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@LocalServerPort
	int port;

	ApiClient api;

	@BeforeEach
	void connect() {
		this.api = new ApiClient(this.port);
	}

	@Test
	void aCountryBringsItsTimeZonesIntoBookingsAndTicketingAndTakesThemAway() {
		waitUntilStoresAreReady();
		addOtherCountries();
		addSouthSudan();
		seeItsZoneInBookings();
		seeItsZoneInTicketing();
		readALocalTimeInTicketing();
		removeSouthSudan();
		seeItsZoneGoneEverywhere();
		seeTheOtherZonesStay();
	}

	private void waitUntilStoresAreReady() {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.api.get("/actuator/health/readiness").status()).isEqualTo(200));
	}

	private void addOtherCountries() {
		assertThat(this.api.put("/api/countries/CH", "{\"name\":\"Switzerland\"}").status()).isEqualTo(201);
		assertThat(this.api.put("/api/countries/DE", "{\"name\":\"Germany\"}").status()).isEqualTo(201);
	}

	private void addSouthSudan() {
		Answer answer = this.api.put("/api/countries/SS", "{\"name\":\"South Sudan\"}");
		assertThat(answer.status()).isEqualTo(201);
		assertThat(answer.json().toString())
			.isEqualTo("{\"code\":\"SS\",\"name\":\"South Sudan\",\"alpha3\":\"SSD\",\"currency\":\"SSP\"}");
	}

	private void seeItsZoneInBookings() {
		await().atMost(PATIENCE)
			.untilAsserted(
					() -> assertThat(this.api.get("/api/bookings/time-zones/Africa/Juba").status()).isEqualTo(200));
		Answer answer = this.api.get("/api/bookings/time-zones/Africa/Juba");
		assertThat(answer.json().path("countries").toString()).isEqualTo("[\"SS\"]");
		assertThat(answer.json().path("standardOffset").asString()).isEqualTo("+02:00");
		assertThat(answer.json().path("currentOffset").asString()).isEqualTo("+02:00");
		assertThat(answer.json().path("daylightSaving").asBoolean()).isFalse();
		assertThat(answer.json().path("nextTransition").isNull()).isTrue();
		assertThat(answer.json().path("overridden").asBoolean()).isFalse();
		assertThat(this.api.get("/api/bookings/time-zones?country=SS").json().at("/items/0/zone").asString())
			.isEqualTo("Africa/Juba");
	}

	private void seeItsZoneInTicketing() {
		await().atMost(PATIENCE)
			.untilAsserted(
					() -> assertThat(this.api.get("/api/ticketing/time-zones/Africa/Juba").status()).isEqualTo(200));
		assertThat(this.api.get("/api/ticketing/time-zones").json().path("items").findValuesAsString("zone"))
			.containsSubsequence("Africa/Juba", "Europe/Berlin", "Europe/Busingen", "Europe/Zurich");
	}

	private void readALocalTimeInTicketing() {
		Answer answer = this.api.get("/api/ticketing/local-time?zone=Africa/Juba&at=2026-11-23T12:00:00Z");
		assertThat(answer.body()).isEqualTo(
				"{\"zone\":\"Africa/Juba\",\"at\":\"2026-11-23T12:00:00Z\",\"localTime\":\"2026-11-23T14:00:00\",\"offset\":\"+02:00\"}");
	}

	private void removeSouthSudan() {
		assertThat(this.api.delete("/api/countries/SS").status()).isEqualTo(204);
		assertThat(this.api.get("/api/countries/SS").status()).isEqualTo(404);
	}

	private void seeItsZoneGoneEverywhere() {
		await().atMost(PATIENCE).untilAsserted(() -> {
			assertThat(this.api.get("/api/bookings/time-zones/Africa/Juba").status()).isEqualTo(404);
			assertThat(this.api.get("/api/ticketing/time-zones/Africa/Juba").status()).isEqualTo(404);
		});
	}

	private void seeTheOtherZonesStay() {
		assertThat(this.api.get("/api/bookings/time-zones/Europe/Zurich").json().path("countries").toString())
			.isEqualTo("[\"CH\"]");
	}

}
