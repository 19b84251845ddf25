package io.sitestream.shapes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.sitestream.ApiClient;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The third pattern with fixed inputs: countries come and go, a time zone is overridden,
 * and everybody's copies follow.
 */
final class ReferenceJourney {

	private final ApiClient business;

	private final ApiClient bookings;

	private final ApiClient ticketing;

	ReferenceJourney(RunningShape shape) {
		this.business = shape.api("business");
		this.bookings = shape.api("bookings");
		this.ticketing = shape.api("ticketing");
	}

	/**
	 * Writes, and waits until the last reader shows it.
	 * @return the stores as they are read
	 */
	List<String> run() {
		put("/api/countries/DE", "{\"name\":\"Deutschland\"}", 201);
		put("/api/countries/FR", "{\"name\":\"France\"}", 201);
		put("/api/countries/SS", "{\"name\":\"South Sudan\"}", 201);
		put("/api/countries/DE", "{\"name\":\"Germany\"}", 200);
		assertThat(this.business.delete("/api/countries/FR").status()).isEqualTo(204);
		await("a zone to override").atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(this.bookings.get("/api/bookings/time-zones/Africa/Juba").status())
				.isEqualTo(200));
		assertThat(this.bookings
			.put("/api/bookings/time-zone-overrides/Africa/Juba",
					"{\"standardOffset\":\"+02:30\",\"daylightSaving\":false,\"from\":\"2026-01-01T00:00:00Z\"}")
			.status()).isEqualTo(200);
		Stream.of(this.bookings, this.ticketing).forEach((reader) -> {
			String path = (reader == this.bookings) ? "/api/bookings/time-zones" : "/api/ticketing/time-zones";
			await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
				assertThat(reader.get(path + "/Africa/Juba").json().path("overridden").asBoolean(false)).isTrue();
				assertThat(reader.get(path + "/Europe/Berlin").status()).isEqualTo(200);
				assertThat(reader.get(path + "/Europe/Paris").status()).isEqualTo(404);
			});
		});
		List<String> state = new ArrayList<>();
		items(this.business, "/api/countries").forEach((country) -> state.add("country " + country));
		items(this.bookings, "/api/bookings/time-zones").forEach((zone) -> state.add("booked zone " + zone));
		items(this.ticketing, "/api/ticketing/time-zones").forEach((zone) -> state.add("ticketed zone " + zone));
		state.add("local time "
				+ this.ticketing.get("/api/ticketing/local-time?zone=Africa/Juba&at=2026-11-23T12:00:00Z").body());
		return state;
	}

	private void put(String path, String body, int status) {
		assertThat(this.business.put(path, body).status()).as(path).isEqualTo(status);
	}

	private static Stream<JsonNode> items(ApiClient api, String path) {
		return api.get(path).json().path("items").valueStream();
	}

}
