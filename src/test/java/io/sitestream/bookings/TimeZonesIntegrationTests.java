package io.sitestream.bookings;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamTest;
import io.sitestream.platform.ConsistencyToken;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Emitter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
@SitestreamTest(modules = { "business", "bookings", "ticketing" })
class TimeZonesIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@LocalServerPort
	int port;

	@Autowired
	Emitter emitter;

	ApiClient api;

	String token = "";

	@BeforeEach
	void haveZonesOfNorwayAndKenya() {
		this.api = new ApiClient(this.port);
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.api.get("/actuator/health/readiness").status()).isEqualTo(200));
		this.api.put("/api/countries/NO", "{\"name\":\"Norway\"}");
		this.api.put("/api/countries/KE", "{\"name\":\"Kenya\"}");
		await().atMost(PATIENCE).untilAsserted(() -> {
			assertThat(this.api.get("/api/bookings/time-zones/Europe/Oslo").status()).isEqualTo(200);
			assertThat(this.api.get("/api/bookings/time-zones/Africa/Nairobi").status()).isEqualTo(200);
		});
	}

	@Test
	void showAnOverrideAtOnceAndToTicketingByItsToken() {
		Answer put = this.api.put("/api/bookings/time-zone-overrides/Africa/Nairobi",
				"{\"standardOffset\":\"+02:30\",\"from\":\"2026-01-01T00:00:00Z\"}");

		assertThat(put.status()).isEqualTo(200);
		Answer booking = this.api.get("/api/bookings/time-zones/Africa/Nairobi");
		assertThat(booking.json().path("overridden").asBoolean()).isTrue();
		assertThat(booking.json().path("currentOffset").asString()).isEqualTo("+02:30");
		String token = put.header(ConsistencyToken.HEADER).orElseThrow();
		assertThat(this.api
			.get("/api/ticketing/local-time?zone=Africa/Nairobi&at=2026-11-23T12:00:00Z", ConsistencyToken.HEADER,
					token, "Prefer", "wait=30")
			.json()
			.path("localTime")
			.asString()).isEqualTo("2026-11-23T14:30:00");

		assertThat(this.api.delete("/api/bookings/time-zone-overrides/Africa/Nairobi", "If-None-Match", "*").status())
			.isEqualTo(412);
		Answer deleted = this.api.delete("/api/bookings/time-zone-overrides/Africa/Nairobi");

		assertThat(deleted.status()).isEqualTo(204);
		assertThat(this.api.get("/api/bookings/time-zones/Africa/Nairobi").json().path("currentOffset").asString())
			.isEqualTo("+03:00");
		assertThat(this.api
			.get("/api/ticketing/time-zones/Africa/Nairobi", ConsistencyToken.HEADER,
					deleted.header(ConsistencyToken.HEADER).orElseThrow(), "Prefer", "wait=30")
			.json()
			.path("overridden")
			.asBoolean()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "Europe/Oslo, 412", "Asia/Tokyo, 412", "Africa/Atlantis, 404" })
	void loseNoOverrideThatMustExistButDoesNot(String zone, int status) {
		String path = "/api/bookings/time-zone-overrides/" + zone;

		assertThat(this.api.delete(path, "If-Match", "*").status()).isEqualTo(status);
	}

	@Test
	void areOverriddenFromNowOnUnlessSomethingElseIsSaid() {
		Answer put = override("Europe/Oslo", "{\"standardOffset\":\"+02:00\"}");

		assertThat(put.json().path("overridden").asBoolean()).isTrue();
		assertThat(put.json().path("currentOffset").asString()).isEqualTo("+02:00");
		assertThat(offset("Europe/Oslo", "2020-01-15T12:00:00Z")).isEqualTo("+01:00");
		assertThat(offset("Europe/Oslo", "2100-01-15T12:00:00Z")).isEqualTo("+02:00");
		override("Europe/Oslo", "{\"standardOffset\":\"+02:30\",\"from\":\"2019-01-01T00:00:00Z\"}");
		assertThat(offset("Europe/Oslo", "2020-01-15T12:00:00Z")).isEqualTo("+02:30");
		// the beginning that is there stays
		override("Europe/Oslo", "{\"standardOffset\":\"+03:00\",\"until\":\"2020-02-01T00:00:00Z\"}");
		assertThat(offset("Europe/Oslo", "2018-12-31T23:59:59Z")).isEqualTo("+01:00");
		assertThat(offset("Europe/Oslo", "2020-01-15T12:00:00Z")).isEqualTo("+03:00");
		assertThat(offset("Europe/Oslo", "2020-02-01T00:00:00Z")).isEqualTo("+01:00");
		assertThat(isOverridden("Europe/Oslo")).isFalse();
		this.api.delete("/api/bookings/time-zone-overrides/Europe/Oslo");
	}

	@Test
	void showAChangeThatIsAnnouncedWhenItsDayComes() {
		Answer put = override("Africa/Nairobi",
				"{\"standardOffset\":\"+02:30\",\"from\":\"2100-01-01T00:00:00Z\",\"until\":\"2101-01-01T00:00:00Z\"}");

		assertThat(put.json().path("overridden").asBoolean()).isFalse();
		assertThat(put.json().path("currentOffset").asString()).isEqualTo("+03:00");
		assertThat(put.json().path("nextTransition").asString()).isEqualTo("2100-01-01T00:00:00Z");
		assertThat(offset("Africa/Nairobi", "2099-12-31T23:59:59Z")).isEqualTo("+03:00");
		assertThat(offset("Africa/Nairobi", "2100-01-01T00:00:00Z")).isEqualTo("+02:30");
		assertThat(offset("Africa/Nairobi", "2101-01-01T00:00:00Z")).isEqualTo("+03:00");
		this.api.delete("/api/bookings/time-zone-overrides/Africa/Nairobi");
	}

	@Test
	void holdFromTheBeginningWhereARecordSaysNoBeginning() {
		this.emitter.emit(Emission.of(BookingTopics.TIME_ZONE_OVERRIDES, "Africa/Nairobi",
				new TimeZoneOverride("Africa/Nairobi", "+02:30", false)));
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(offset("Africa/Nairobi", "1990-01-01T00:00:00Z")).isEqualTo("+02:30"));

		// it has no beginning, and that stays
		override("Africa/Nairobi", "{\"standardOffset\":\"+02:45\"}");

		assertThat(offset("Africa/Nairobi", "1990-01-01T00:00:00Z")).isEqualTo("+02:45");
		this.api.delete("/api/bookings/time-zone-overrides/Africa/Nairobi");
	}

	private Answer override(String zone, String body) {
		Answer put = this.api.put("/api/bookings/time-zone-overrides/" + zone, body);
		assertThat(put.status()).as(put.body()).isEqualTo(200);
		this.token = put.header(ConsistencyToken.HEADER).orElseThrow();
		return put;
	}

	private String offset(String zone, String at) {
		return this.api
			.get("/api/ticketing/local-time?zone=" + zone + "&at=" + at, ConsistencyToken.HEADER, this.token, "Prefer",
					"wait=30")
			.json()
			.path("offset")
			.asString();
	}

	@Test
	void saysOnceInTheLogThatTheyWereDerivedWithANewerTzDatabase(CapturedOutput output) {
		TimeZoneInUse nairobi = new TimeZoneInUse("Africa/Nairobi", List.of("KE"),
				TimeZoneInUse.rulesVersion("Africa/Nairobi"), null);
		for (int minute = 10; minute < 12; minute++) {
			publish(new TimeZoneInUse("Africa/Nairobi", List.of("KE"), "9999a",
					new TimeZoneOverride("Africa/Nairobi", "+02:" + minute, false)));
		}
		publish(nairobi);

		assertThat(output.getAll().split("derived with tz 9999a, but this JDK has " + nairobi.rulesVersion(), -1))
			.hasSize(2);
	}

	/** Returns when both stores have told their listeners. */
	private void publish(TimeZoneInUse zone) {
		this.emitter.emit(Emission.of(BookingTopics.TIME_ZONES, zone.zone(), zone));
		String offset = TimeZoneView.format(zone.offset(Instant.now()));
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(List.of("bookings", "ticketing"))
				.allSatisfy((module) -> assertThat(this.api.get("/api/" + module + "/time-zones/" + zone.zone())
					.json()
					.path("currentOffset")
					.asString()).isEqualTo(offset)));
	}

	@Test
	void haveAllFieldsOfTheContract() {
		assertThat(this.api.get("/api/bookings/time-zones/Europe/Oslo").json().propertyNames()).containsExactly("zone",
				"countries", "standardOffset", "daylightSaving", "currentOffset", "nextTransition", "rulesVersion",
				"overridden");
		assertThat(this.api.get("/api/bookings/time-zones/Europe/Oslo").json().path("daylightSaving").asBoolean())
			.isTrue();
		assertThat(this.api.get("/api/ticketing/time-zones/Europe/Oslo").status()).isEqualTo(200);
	}

	@Test
	void areListedByCountry() {
		Answer list = this.api.get("/api/bookings/time-zones?country=KE");

		assertThat(list.json().path("items").findValuesAsString("zone")).containsExactly("Africa/Nairobi");
		assertThat(list.json().path("next").isNull()).isTrue();
		assertThat(this.api.get("/api/bookings/time-zones?country=XX").json().path("items")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/bookings/time-zones/Africa/Atlantis", "/api/ticketing/time-zones/Africa/Atlantis",
			"/api/ticketing/local-time?zone=Africa/Atlantis&at=2026-11-23T12:00:00Z" })
	void areUnknownWhereNoCountryUsesThem(String path) {
		Answer answer = this.api.get(path);

		assertThat(answer.status()).isEqualTo(404);
		assertThat(answer.json().path("type").asString()).isEqualTo("urn:sitestream:problem:unknown-time-zone");
		assertThat(answer.json().path("detail").asString())
			.startsWith("Time zone 'Africa/Atlantis' is unknown: no supported country uses it. ");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			textBlock = """
					{} | standardOffset is 'null': expected ±hh:mm from -18:00 to +18:00, as +02:00.
					{"standardOffset":"2 hours"} | standardOffset is '2 hours': expected ±hh:mm from -18:00 to +18:00, as +02:00.
					{"standardOffset":"+03:00","daylightSaving":true} | daylightSaving cannot be true for 'Africa/Nairobi': the tz database has no dates at which its clocks change. Give the standardOffset that holds now, and another one when it changes.
					{"standardOffset":"+03:00","from":"tomorrow"} | from is 'tomorrow': expected an instant of ISO 8601, as 2027-01-31T22:00:00Z.
					{"standardOffset":"+03:00","until":""} | until is '': expected an instant of ISO 8601, as 2027-01-31T22:00:00Z.
					{"standardOffset":"+03:00","from":"2027-01-02T00:00:00Z","until":"2027-01-01T00:00:00Z"} | until is '2027-01-01T00:00:00Z': expected an instant after from, which is '2027-01-02T00:00:00Z'.
					{"standardOffset":"+03:00","from":"+1000000000-12-31T23:59:59Z"} | from is '+1000000000-12-31T23:59:59Z': expected an instant from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z.
					""")
	void refuseAnOverrideThatMakesNoSense(String body, String detail) {
		Answer answer = this.api.put("/api/bookings/time-zone-overrides/Africa/Nairobi", body);

		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.json().path("detail").asString()).isEqualTo(detail);
		assertThat(answer.json().path("type").asString()).isEqualTo("urn:sitestream:problem:invalid-override");
	}

	@Test
	void refuseAnOverrideOfAZoneThatNobodyUses() {
		assertThat(this.api.put("/api/bookings/time-zone-overrides/Asia/Tokyo", "{\"standardOffset\":\"+08:00\"}")
			.status()).isEqualTo(404);
		assertThat(this.api.delete("/api/bookings/time-zone-overrides/Africa/Atlantis").status()).isEqualTo(404);
	}

	@Test
	void areUnderstoodByTheirOldNamesWhereverOneIsNamed() {
		this.api.put("/api/countries/IN", "{\"name\":\"India\"}");
		await().atMost(PATIENCE)
			.untilAsserted(
					() -> assertThat(this.api.get("/api/ticketing/time-zones/Asia/Calcutta").status()).isEqualTo(200));

		assertThat(zone(this.api.get("/api/bookings/time-zones/Asia/Calcutta"))).isEqualTo("Asia/Kolkata");
		assertThat(zone(this.api.get("/api/ticketing/time-zones/Asia/Calcutta"))).isEqualTo("Asia/Kolkata");
		assertThat(zone(this.api.get("/api/ticketing/local-time?zone=Asia/Calcutta&at=2026-11-23T12:00:00Z")))
			.isEqualTo("Asia/Kolkata");
		Answer put = this.api.put("/api/bookings/time-zone-overrides/Asia/Calcutta", "{\"standardOffset\":\"+06:00\"}");
		assertThat(zone(put)).isEqualTo("Asia/Kolkata");
		assertThat(put.json().path("currentOffset").asString()).isEqualTo("+06:00");
		assertThat(this.api.delete("/api/bookings/time-zone-overrides/Asia/Calcutta").status()).isEqualTo(204);
		assertThat(isOverridden("Asia/Kolkata")).isFalse();
	}

	@Test
	void areOverriddenByOthersUnderOldNamesToo() {
		this.api.put("/api/countries/NP", "{\"name\":\"Nepal\"}");
		this.emitter.emit(Emission.of(BookingTopics.TIME_ZONE_OVERRIDES, "Asia/Katmandu",
				new TimeZoneOverride("Asia/Katmandu", "+06:00", false)));
		await().atMost(PATIENCE).until(() -> isOverridden("Asia/Kathmandu"));

		assertThat(this.api.delete("/api/bookings/time-zone-overrides/Asia/Kathmandu").status()).isEqualTo(204);

		assertThat(isOverridden("Asia/Kathmandu")).isFalse();
	}

	private static String zone(Answer answer) {
		return answer.json().path("zone").asString();
	}

	private boolean isOverridden(String zone) {
		return this.api.get("/api/bookings/time-zones/" + zone).json().path("overridden").asBoolean();
	}

	@Test
	void refuseTokensOfCountriesAndTimesThatAreNone() {
		String foreign = new ConsistencyToken("countries", "0", 0, Instant.now()).encode();

		assertThat(this.api.get("/api/bookings/time-zones", ConsistencyToken.HEADER, foreign)
			.json()
			.path("type")
			.asString()).isEqualTo("urn:sitestream:problem:foreign-token");
		assertThat(this.api.get("/api/ticketing/local-time?zone=Europe/Oslo&at=noon").json().path("detail").asString())
			.isEqualTo("at is 'noon': expected an instant of ISO 8601, as 2026-11-23T12:00:00Z.");
	}

}
