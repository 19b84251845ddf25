package io.sitestream.mirrors;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.TestServers;
import io.sitestream.TopicProbe;
import io.sitestream.kvstore.ReferenceInstance;
import io.sitestream.mirrors.WrittenSites.Written;
import io.sitestream.servers.LocalRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What is written in one data centre is read in the other, over a link that is cut in the
 * middle. Into B the link is exactly once; into A it is at least once, and here it
 * forgets with every cut how far it was, so that everything is repeated.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(OutputCaptureExtension.class)
class TwoDataCentresIntegrationTests {

	private static final Duration PATIENCE = Comparison.PATIENCE;

	private static final int SITES = 300;

	private static final int ROWS = 12_000;

	private static final String[] MIRRORED = { "site-metadata", "countries", "time-zone-overrides",
			"contact-import-batches" };

	final DataCentre a = new DataCentre("a");

	final DataCentre b = new DataCentre("b");

	final Mirror mirror = new Mirror(this.a, this.b, "A.offset.flush.interval.ms = 3600000",
			"A.session.timeout.ms = 4000", "B.session.timeout.ms = 4000", "A.heartbeat.interval.ms = 1000",
			"B.heartbeat.interval.ms = 1000");

	ReferenceInstance here;

	ReferenceInstance there;

	ApiClient apiHere;

	ApiClient apiThere;

	@BeforeAll
	void start() {
		this.here = this.a.start("site,appswriter,appsreader,contactjobs,notification,business,bookings", Map.of());
		this.b.createTopic("notifications", 6);
		this.mirror.start();
		this.there = this.b.start("appswriter,appsreader,contactimporter,business,bookings", Map.of());
		this.apiHere = this.here.awaitReady().api();
		this.apiThere = this.there.awaitReady().api();
	}

	@AfterAll
	void stop() {
		this.there.close();
		this.here.close();
		this.mirror.close();
		this.a.close();
		this.b.close();
	}

	@Test
	@Order(1)
	void aTokenOfOneDataCentreIsHonouredInTheOther() throws Exception {
		for (Written written : new WrittenSites(this.apiHere, 1).write(SITES / 3)) {
			Answer read = this.apiThere.get("/api/installed-apps/by-site/" + written.siteId(), "Consistency-Token",
					written.token(), "Prefer", "wait=30");

			assertThat(read.status()).as(read.body()).isEqualTo(written.deleted() ? 404 : 200);
			if (!written.deleted()) {
				assertThat(WrittenSites.version(read)).isEqualTo(written.version());
				assertThat(read.json().path("apps")).extracting((app) -> app.path("appId").asString())
					.containsExactlyInAnyOrderElementsOf(written.apps());
			}
		}
	}

	@Test
	@Order(2)
	void whileTheLinkIsCutATokenIsRefusedAndReadsWithoutOneGoOn() throws Exception {
		Written before = new WrittenSites(this.apiHere, 2).write(20)
			.stream()
			.filter((site) -> !site.deleted())
			.findFirst()
			.orElseThrow();
		String path = "/api/installed-apps/by-site/" + before.siteId();
		assertThat(this.apiThere.get(path, "Consistency-Token", before.token(), "Prefer", "wait=30").status())
			.isEqualTo(200);
		this.mirror.kill9();
		Answer after = this.apiHere.put("/api/sites/%s/apps/new".formatted(before.siteId()), "{\"version\":\"1\"}",
				"Prefer", "wait=30");
		String token = after.header("Consistency-Token").orElseThrow();

		Answer behind = this.apiThere.get(path, "Consistency-Token", token, "Prefer", "wait=1");
		assertThat(behind.status()).isEqualTo(503);
		assertThat(behind.json().path("type").asString()).isEqualTo("urn:sitestream:problem:projection-behind");
		assertThat(behind.header("Retry-After")).isPresent();
		assertThat(WrittenSites.version(this.apiThere.get(path))).isEqualTo(before.version());

		this.mirror.start();
		await().atMost(PATIENCE)
			.untilAsserted(
					() -> assertThat(this.apiThere.get(path, "Consistency-Token", token, "Prefer", "wait=5").body())
						.contains("\"new\""));
	}

	@Test
	@Order(3)
	void bySiteAndByAppAreEqualOnceTheLagIsZero() throws Exception {
		List<Written> sites = new WrittenSites(this.apiHere, 3).write(SITES);
		Comparison.awaitMirrored("site-metadata", this.a, this.b);
		await().atMost(PATIENCE).untilAsserted(() -> {
			Comparison.assertEqualSites(this.apiHere, this.apiThere, sites);
			assertThat(this.apiThere.get("/api/installed-apps/by-app/app-0").header("Projection-Lag")).hasValue("0");
		});
		assertThat(sites).extracting(Written::deleted).contains(true, false);

		try (LocalRedis replica = TestServers.separateRedis()) {
			Replication.begin(replica, this.b.redis());
			long hits = Replication.reads(replica);
			try (ReferenceInstance reader = this.b.start("appsreader",
					Map.of("spring.data.redis.masterreplica.nodes", this.b.redis().address() + "," + replica.address(),
							"spring.data.redis.lettuce.read-from", "replica"))) {
				Comparison.assertEqualSites(this.apiHere, reader.api(), sites);
				assertThat(Replication.reads(replica)).isGreaterThan(hits + SITES / 2);
			}
		}
	}

	@Test
	@Order(4)
	void anImportIsCompletedInTheOtherDataCentreThoughTheLinkIsCutInItsMiddle() {
		try (ImportOverTheLink contacts = new ImportOverTheLink(this.here, this.there, ROWS)) {
			contacts.sendFirstHalfAndAwaitProgress();
			this.mirror.kill9();
			contacts.sendRestAndAwaitStandstill();
			this.mirror.start();

			contacts.awaitCompletion();
			contacts.hearAnotherServiceOfTheOtherDataCentre();
			contacts.assertToldOnceAndInOrder();
			contacts.assertStoredOnce();
			try (TopicProbe probe = this.a.probe()) {
				assertThat(probe.committedValues("contact-import-events"))
					.filteredOn((event) -> event.contains("\"batch\""))
					.as("events that the mirror repeated")
					.hasSizeGreaterThan(ROWS / 1000);
			}
			contacts.undo();
		}
	}

	@Test
	@Order(5)
	void mirroredReferenceDataGiveTheSameMap(CapturedOutput output, @TempDir Path directory) {
		String token = "";
		for (String code : List.of("DE", "CH", "SS", "US", "FR")) {
			Answer put = this.apiHere.put("/api/countries/" + code, "{\"name\":\"Country " + code + "\"}");
			assertThat(put.status()).isEqualTo(201);
			token = put.header("Consistency-Token").orElseThrow();
		}
		this.mirror.kill9();
		assertThat(this.apiHere.delete("/api/countries/US").status()).isEqualTo(204);
		assertThat(this.apiHere.put("/api/countries/DE", "{\"name\":\"Germany\"}").status()).isEqualTo(200);
		await().atMost(PATIENCE).until(() -> this.apiHere.get("/api/bookings/time-zones/Africa/Juba").status() == 200);
		Answer override = this.apiHere.put("/api/bookings/time-zone-overrides/Africa/Juba",
				"{\"standardOffset\":\"+03:00\"}");
		assertThat(override.status()).as(override.body()).isEqualTo(200);
		this.mirror.start();

		await().atMost(PATIENCE).untilAsserted(() -> {
			for (String path : List.of("/api/countries", "/api/bookings/time-zones")) {
				assertThat(this.apiThere.get(path).json()).isEqualTo(this.apiHere.get(path).json());
			}
			assertThat(this.apiThere.get("/api/bookings/time-zones/Africa/Juba").body()).contains("+03:00");
		});
		assertThat(this.apiThere.get("/api/countries").json().path("items"))
			.extracting((country) -> country.path("name").asString())
			.containsExactly("Country CH", "Germany", "Country FR", "Country SS");
		assertThat(this.apiHere.get("/api/countries", "Consistency-Token", token).status()).isEqualTo(200);
		assertThat(this.apiThere.get("/api/countries", "Consistency-Token", token).json().path("type").asString())
			.isEqualTo("urn:sitestream:problem:foreign-token");

		Map<String, String> keeping = Map.of("sitestream.kvstore.checkpoints.directory", directory.toString());
		try (ReferenceInstance instance = this.a.start("business", keeping)) {
			instance.awaitReady();
		}
		try (ReferenceInstance instance = this.b.start("business", keeping)) {
			assertThat(instance.awaitReady().api().get("/api/countries").body())
				.isEqualTo(this.apiHere.get("/api/countries").body());
			FunctionCounter taken = instance.context()
				.getBean(MeterRegistry.class)
				.get("sitestream.kvstore.records")
				.functionCounter();
			assertThat(taken.count()).isEqualTo(7);
		}
		assertThat(output.getAll()).contains("It is of topic id ");
	}

	@Test
	@Order(6)
	void topicsAreMirroredRecordByRecordAndDoNotGoRound() {
		for (String topic : MIRRORED) {
			Comparison.awaitMirrored(topic, this.a, this.b);
		}
		try (TopicProbe probe = this.b.probe()) {
			assertThat(probe.committed("contact-import-events"))
				.extracting((event) -> TopicProbe.header(event, "ce_source"))
				.containsOnly("/sitestream/contactimporter");
		}
		assertThat(this.b.cleanupPolicy("site-metadata")).isEqualTo("compact");
	}

}
