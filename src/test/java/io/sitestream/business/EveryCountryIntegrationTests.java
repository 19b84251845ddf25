package io.sitestream.business;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import com.ibm.icu.util.TimeZone;
import com.ibm.icu.util.TimeZone.SystemTimeZoneType;
import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamTest;
import io.sitestream.bookings.NamedZones;
import io.sitestream.kvstore.KeyValueStore;
import io.sitestream.platform.Emitter;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SitestreamTest(modules = { "business", "bookings", "ticketing" }, properties = "test.space=every-country")
class EveryCountryIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@LocalServerPort
	int port;

	@Autowired
	KeyValueStore<Country> countries;

	@Autowired
	Emitter emitter;

	@Test
	void bringsItsTimeZonesToTicketingUnderEveryNameThatBrowsersGive() throws IOException {
		ApiClient api = new ApiClient(this.port);
		List<String> zones = Arrays.stream(Locale.getISOCountries())
			.filter((country) -> !country.equals("SS"))
			.flatMap((country) -> TimeZone.getAvailableIDs(SystemTimeZoneType.CANONICAL_LOCATION, country, null)
				.stream())
			.map(TimeZone::getIanaID)
			.distinct()
			.sorted()
			.toList();

		FirstCountries.fill(this.countries, this.emitter);

		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(
					api.get("/api/ticketing/time-zones").json().path("items").findValuesAsString("zone"))
				.isEqualTo(zones));
		assertThat(zones).hasSizeGreaterThan(400).doesNotContain("Africa/Juba");
		assertThat(NamedZones.ofV8()).filteredOn((name) -> !name.equals("Africa/Juba"))
			.hasSizeGreaterThan(400)
			.allSatisfy((name) -> {
				Answer answer = api.get("/api/ticketing/local-time?at=2026-11-23T12:00:00Z&zone=" + name);
				assertThat(answer.status()).isEqualTo(200);
				assertThat(answer.json().path("zone").asString()).isEqualTo(TimeZone.getIanaID(name)).isIn(zones);
			});
	}

}
