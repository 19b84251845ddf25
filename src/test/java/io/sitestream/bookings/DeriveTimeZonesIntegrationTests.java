package io.sitestream.bookings;

import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.TopicProbe;
import io.sitestream.kvstore.ReferenceInstance;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The only writer of {@code time-zones}, with other systems that write its inputs.
 */
class DeriveTimeZonesIntegrationTests {

	private final TestSpace space = TestSpace.of("bookings");

	private TopicProbe probe;

	private PublishedZones zones;

	@BeforeEach
	void look() {
		this.probe = new TopicProbe(TestServers.kafka().address(), this.space.topicPrefix());
		this.zones = new PublishedZones(this.probe);
	}

	@AfterEach
	void lookAway() {
		this.probe.close();
	}

	@Test
	void goesOnAroundRecordsThatCannotBeReadOrSpeakOfSomethingElse() {
		try (ReferenceInstance instance = start()) {
			country("KE");
			this.probe.send("countries", "SS", "{\"code\":");
			this.probe.send("time-zone-overrides", "Africa/Nairobi", "{\"zone\":\"Africa/Nairobi\"}");
			this.probe.send("countries", "FR", "{\"code\":\"DE\",\"name\":\"Germany\"}");
			this.probe.send("time-zone-overrides", "Europe/Paris",
					"{\"zone\":\"Europe/London\",\"standardOffset\":\"+01:00\",\"daylightSaving\":false}");
			country("NO");
			this.probe.flush();

			awaitZones("Africa/Nairobi", "Europe/Oslo");

			assertThat(this.probe.committed("countries.derive-time-zones.dlq")).satisfiesExactly((letter) -> {
				assertThat(TopicProbe.value(letter)).isEqualTo("{\"code\":");
				assertThat(TopicProbe.header(letter, "x-exception-message")).startsWith("Value is not a Country");
			}, (letter) -> assertThat(TopicProbe.header(letter, "x-exception-message")).isEqualTo(
					"Key 'FR' and value disagree: topic countries is keyed by code, which is 'DE' in the value."));
			await().atMost(ReferenceInstance.PATIENCE)
				.untilAsserted(() -> assertThat(this.probe.committed("time-zone-overrides.derive-time-zones.dlq"))
					.extracting((letter) -> TopicProbe.header(letter, "x-exception-message"))
					.satisfiesExactly(
							(cause) -> assertThat(cause).contains("/standardOffset is missing, expected a text."),
							(cause) -> assertThat(cause).isEqualTo(
									"Key 'Europe/Paris' and value disagree: topic time-zone-overrides is keyed by zone, which is 'Europe/London' in the value.")));
			assertThat(instance.api().get("/api/bookings/time-zones?country=SS").json().path("items")).isEmpty();
		}
	}

	@Test
	void writesRecordsInTheFormOfTheContract() {
		try (ReferenceInstance instance = start()) {
			country("SS");
			this.probe.send("time-zone-overrides", "Africa/Juba",
					"{\"zone\":\"Africa/Juba\",\"standardOffset\":\"+03:00\",\"daylightSaving\":false}");
			this.probe.flush();

			await().atMost(ReferenceInstance.PATIENCE)
				.untilAsserted(() -> assertThat(this.probe.committedValues("time-zones")).last()
					.asString()
					.contains("+03:00"));

			ConsumerRecord<byte[], byte[]> record = this.probe.committed("time-zones").getLast();
			assertThat(PublishedZones.key(record)).isEqualTo("Africa/Juba");
			assertThat(TopicProbe.value(record)).isEqualTo(
					"{\"zone\":\"Africa/Juba\",\"countries\":[\"SS\"],\"rulesVersion\":\"%s\",\"override\":{\"zone\":\"Africa/Juba\",\"standardOffset\":\"+03:00\",\"daylightSaving\":false,\"from\":null,\"until\":null}}",
					TimeZoneInUse.rulesVersion("Africa/Juba"));
			assertThat(TopicProbe.header(record, "ce_source")).isEqualTo("/sitestream/bookings");
			assertThat(TopicProbe.header(record, "ce_type")).isEqualTo("io.sitestream.TimeZoneInUse.v1");
			assertThat(instance.api().get("/actuator/health/readiness").status()).isEqualTo(200);

			this.probe.put("time-zone-overrides", "Africa/Juba",
					"{\"zone\":\"Africa/Juba\",\"standardOffset\":\"+03:00\",\"daylightSaving\":false,\"from\":\"2027-02-01T00:00:00Z\",\"until\":\"2027-03-01T00:00:00Z\"}");
			await().atMost(ReferenceInstance.PATIENCE)
				.untilAsserted(() -> assertThat(this.probe.committedValues("time-zones")).last()
					.asString()
					.endsWith(
							"\"daylightSaving\":false,\"from\":\"2027-02-01T00:00:00Z\",\"until\":\"2027-03-01T00:00:00Z\"}}"));
		}
	}

	@Test
	void renewsAtItsStartWhatAnotherTzDatabaseLeft() {
		try (ReferenceInstance instance = start()) {
			country("SS");
			country("KE");
			this.probe.flush();
			awaitZones("Africa/Juba", "Africa/Nairobi");
			assertThat(instance.api().get("/api/bookings/time-zones/Africa/Juba").status()).isEqualTo(200);
		}
		this.probe.put("time-zones", "Africa/Juba",
				"{\"zone\":\"Africa/Juba\",\"countries\":[\"SS\"],\"rulesVersion\":\"1970a\",\"override\":null}");
		int before = this.probe.committed("time-zones").size();

		// no input changes, and twice changes nothing
		for (int i = 0; i < 2; i++) {
			try (ReferenceInstance instance = start()) {
				await().atMost(ReferenceInstance.PATIENCE)
					.untilAsserted(() -> assertThat(this.probe.committedValues("time-zones")).last()
						.asString()
						.startsWith("{\"zone\":\"Africa/Juba\"")
						.contains(TimeZoneInUse.rulesVersion("Africa/Juba")));
				assertThat(instance.api().get("/actuator/health").body()).doesNotContain("DOWN");
			}
		}
		assertThat(this.probe.committed("time-zones")).hasSize(before + 1);
	}

	@Test
	void isTakenOverByAnotherInstanceWithCompleteKnowledge() {
		try (ReferenceInstance second = start()) {
			try (ReferenceInstance first = start()) {
				country("DE");
				country("AT");
				country("CH");
				this.probe.flush();
				awaitZones("Europe/Berlin", "Europe/Busingen", "Europe/Vienna", "Europe/Zurich");
				assertThat(first.api().get("/api/bookings/time-zones").status()).isEqualTo(200);
			}
			this.probe.send("countries", "AT", null);
			this.probe.send("countries", "CH", null);
			country("LI");
			this.probe.flush();

			awaitZones("Europe/Berlin", "Europe/Busingen", "Europe/Vaduz");
			await().atMost(ReferenceInstance.PATIENCE)
				.untilAsserted(() -> assertThat(
						second.api().get("/api/bookings/time-zones").json().path("items").findValuesAsString("zone"))
					.containsExactly("Europe/Berlin", "Europe/Busingen", "Europe/Vaduz"));
		}
	}

	private ReferenceInstance start() {
		return ReferenceInstance.start(this.space.properties(), "bookings").awaitReady();
	}

	private void country(String code) {
		this.zones.addCountry(code);
	}

	private void awaitZones(String... zones) {
		this.zones.await(zones);
	}

}
