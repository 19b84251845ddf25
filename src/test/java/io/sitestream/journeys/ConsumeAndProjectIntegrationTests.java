package io.sitestream.journeys;

import java.time.Duration;
import java.util.List;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamTest;
import io.sitestream.TopicProbe;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The first pattern as its users meet it: a site is written here and its apps are read
 * there.
 */
@SitestreamTest(modules = { "site", "appswriter", "appsreader" })
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsumeAndProjectIntegrationTests {

	private static final String[] PATIENT = { "Prefer", "wait=30" };

	@LocalServerPort
	int port;

	@Value("${spring.kafka.bootstrap-servers}")
	String brokers;

	@Value("${sitestream.topics.prefix}")
	String prefix;

	ApiClient api;

	String token = "";

	@BeforeEach
	void connect() {
		this.api = new ApiClient(this.port);
	}

	@Test
	@Order(1)
	void theOwnerCreatesASiteWithTwoApps() {
		Answer created = this.api.post("/api/sites",
				"""
						{"siteId":"shop","ownerId":"ann","name":"Shop",
						 "apps":[{"appId":"chat","instanceId":"chat-1","version":"1"},{"appId":"store","version":"2","status":"DISABLED"}]}""",
				PATIENT);

		assertThat(created.status()).as(created.body()).isEqualTo(201);
		this.token = created.header("Consistency-Token").orElseThrow();
	}

	@Test
	@Order(2)
	void theAppsAreReadBySiteWithTheWritersToken() {
		Answer site = read("/api/installed-apps/by-site/shop");

		assertThat(site.status()).as(site.body()).isEqualTo(200);
		assertThat(site.header("ETag")).hasValue("\"1\"");
		assertThat(site.json().propertyNames()).containsExactly("siteId", "version", "apps");
		assertThat(site.json().at("/apps/0").propertyNames()).containsExactly("appId", "instanceId", "version",
				"status", "installedAt");
		assertThat(site.json().at("/apps/1/status").asString()).isEqualTo("DISABLED");
		assertThat(this.api.get("/api/installed-apps/by-site/shop", "If-None-Match", "\"1\"").status()).isEqualTo(304);
	}

	@Test
	@Order(3)
	void theSiteIsFoundByAppAndByInstance() {
		assertThat(read("/api/installed-apps/by-app/chat").body())
			.isEqualTo("{\"appId\":\"chat\",\"count\":1,\"siteIds\":[\"shop\"],\"next\":null}");
		assertThat(read("/api/installed-apps/by-instance/chat-1").body()).isEqualTo(
				"{\"instanceId\":\"chat-1\",\"siteId\":\"shop\",\"appId\":\"chat\",\"version\":\"1\",\"status\":\"ENABLED\"}");
		assertThat(read("/api/installed-apps/by-app/nothing").json().at("/count").asInt()).isZero();
	}

	@Test
	@Order(4)
	void anAppThatIsRemovedIsGoneInBothDirections() {
		Answer removed = this.api.delete("/api/sites/shop/apps/chat", PATIENT);
		this.token = removed.header("Consistency-Token").orElseThrow();

		assertThat(read("/api/installed-apps/by-site/shop").json().at("/apps").size()).isEqualTo(1);
		assertThat(read("/api/installed-apps/by-app/chat").json().at("/count").asInt()).isZero();
		assertThat(read("/api/installed-apps/by-instance/chat-1").status()).isEqualTo(404);
	}

	@Test
	@Order(5)
	void aDeletedSiteIsUnknownToAReaderWithTheToken() {
		Answer deleted = this.api.delete("/api/sites/shop", PATIENT);
		this.token = deleted.header("Consistency-Token").orElseThrow();

		Answer gone = read("/api/installed-apps/by-site/shop");
		assertThat(gone.status()).isEqualTo(404);
		assertThat(gone.json().at("/type").asString()).isEqualTo("urn:sitestream:problem:unknown-site");
		assertThat(read("/api/installed-apps/by-app/store").json().at("/count").asInt()).isZero();
	}

	@Test
	@Order(6)
	void severalSitesAreReadAtOnce() {
		for (int i = 0; i < 3; i++) {
			this.token = this.api.post("/api/sites",
					"{\"siteId\":\"s%d\",\"ownerId\":\"ann\",\"name\":\"S\",\"apps\":[{\"appId\":\"wide\",\"version\":\"1\"}]}"
						.formatted(i),
					PATIENT)
				.header("Consistency-Token")
				.orElseThrow();
		}

		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(
					() -> assertThat(read("/api/installed-apps/by-app/wide").json().at("/count").asInt()).isEqualTo(3));
		Answer sites = this.api.post("/api/installed-apps/by-site", "{\"siteIds\":[\"s2\",\"none\",\"s0\"]}");
		assertThat(sites.json().at("/sites/0/siteId").asString()).isEqualTo("s2");
		assertThat(sites.json().at("/unknown/0").asString()).isEqualTo("none");
		Answer page = this.api.get("/api/installed-apps/by-app/wide?limit=2");
		assertThat(page.json().at("/next").asString()).isEqualTo("s1");
		assertThat(this.api.get("/api/installed-apps/by-app/wide?after=s1").json().at("/siteIds/0").asString())
			.isEqualTo("s2");
	}

	@Test
	@Order(7)
	void theLagIsZeroOnceTheWriterIsAtTheEnd() {
		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(this.api.get("/api/installed-apps/by-app/wide").header("Projection-Lag"))
				.hasValue("0"));
	}

	@Test
	@Order(8)
	void tokensThatMakeNoSenseAreRefused() {
		assertThat(
				this.api.get("/api/installed-apps/by-app/wide", "Consistency-Token", "x").json().at("/type").asString())
			.isEqualTo("urn:sitestream:problem:invalid-token");
		Answer badId = this.api.get("/api/installed-apps/by-site/no%20such");
		assertThat(badId.status()).isEqualTo(400);
		assertThat(badId.json().at("/type").asString()).isEqualTo("urn:sitestream:problem:invalid-id");
	}

	@Test
	@Order(9)
	void recordsOfForeignWritersThatAreNotWholeOrOfAnotherSiteShowNowhere() {
		String site = "{\"siteId\":\"%s\",\"version\":%s,\"ownerId\":\"ann\",\"name\":\"S\",\"apps\":[%s],\"createdAt\":\"2026-11-23T12:00:00Z\",\"updatedAt\":\"2026-11-23T12:00:00Z\"}";
		String app = "{\"appId\":\"odd\",\"instanceId\":\"odd-1\",\"version\":\"1\",\"status\":1,\"installedAt\":\"2026-11-23T12:00:00Z\"}";
		try (TopicProbe probe = new TopicProbe(this.brokers, this.prefix)) {
			probe.send("site-metadata", "fc", site.formatted("fd", 1, ""));
			probe.send("site-metadata", "fd", site.formatted("fd", 1, "null"));
			probe.send("site-metadata", "fe", site.formatted("fe", "null", ""));
			probe.send("site-metadata", "fe", site.formatted("fe", "1.5", ""));
			probe.send("site-metadata", "ff", site.formatted("ff", 1, app));
			probe.flush();

			await().atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(probe.committed("site-metadata.project-installed-apps.dlq"))
					.extracting(
							(letter) -> TopicProbe.header(letter, "x-exception-message").replaceFirst(" Found: .*", ""))
					.containsExactlyInAnyOrder(
							"Key 'fc' and value disagree: topic site-metadata is keyed by siteId, which is 'fd' in the value.",
							"Value is not a SiteMetadata: /apps/0 is null, expected a InstalledApp.",
							"Value is not a SiteMetadata: /version is null, expected a whole number of 64 bits.",
							"Value is not a SiteMetadata: /version is 1.5, expected a whole number of 64 bits.",
							"Value is not a SiteMetadata: /apps/0/status is 1, expected one of \"ENABLED\", \"DISABLED\"."));
		}
		for (String id : List.of("fc", "fd", "fe", "ff")) {
			assertThat(this.api.get("/api/installed-apps/by-site/" + id).status()).as(id).isEqualTo(404);
		}
		assertThat(this.api.get("/api/installed-apps/by-app/odd").json().at("/count").asInt()).isZero();
	}

	private Answer read(String path) {
		return this.api.get(path, "Consistency-Token", this.token, "Prefer", "wait=30");
	}

}
