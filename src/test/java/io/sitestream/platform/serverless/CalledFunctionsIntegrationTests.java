package io.sitestream.platform.serverless;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamTest;
import io.sitestream.TestServers;
import io.sitestream.TopicProbe;
import io.sitestream.notification.Announcer;
import io.sitestream.notification.StompTestClient;
import io.sitestream.notification.StompTestFrame;
import io.sitestream.platform.Emitter;
import io.sitestream.servers.LocalRedis;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The projection and the channels in a process whose functions are called, with events as
 * a KafkaSource makes them of real records.
 */
@SitestreamTest(modules = { "appswriter", "appsreader", "notification" }, properties = "sitestream.serving=http")
class CalledFunctionsIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final LocalRedis REDIS = TestServers.separateRedis();

	private static final String PROJECT = "/functions/projectInstalledApps";

	@LocalServerPort
	int port;

	@Value("${spring.kafka.bootstrap-servers}")
	String kafka;

	@Value("${sitestream.topics.prefix}")
	String prefix;

	@Autowired
	Emitter emitter;

	ApiClient api;

	TopicProbe probe;

	KafkaSourceDouble source;

	SiteRecords sites;

	@DynamicPropertySource
	static void redis(DynamicPropertyRegistry properties) {
		properties.add("spring.data.redis.port", REDIS::port);
	}

	@BeforeEach
	void connect() {
		this.api = new ApiClient(this.port);
		this.probe = new TopicProbe(this.kafka, this.prefix);
		this.source = new KafkaSourceDouble(this.port, PROJECT);
		this.sites = new SiteRecords(this.emitter, this.probe);
	}

	@AfterEach
	void close() {
		this.probe.close();
	}

	@Test
	void projectsWhatASourceBringsInWhateverOrderAndHoweverOften() {
		this.sites.put("bakery", 1, "shop");
		this.sites.put("bakery", 2, "shop", "chat");
		this.sites.put("bakery", 3, "chat");
		this.sites.put("florist", 1, "shop");
		this.sites.remove("florist", 2);
		List<ConsumerRecord<byte[], byte[]>> records = this.sites.of("bakery", "florist");
		assertThat(records).hasSize(5);
		assertThat(this.api.get("/api/installed-apps/by-site/bakery").status()).as("nothing is consumed")
			.isNotEqualTo(200);

		List<ConsumerRecord<byte[], byte[]>> twice = new ArrayList<>(records.reversed());
		twice.addAll(records);
		twice.forEach((record) -> assertAccepted(this.source.send(record)));

		assertThat(site("bakery")).startsWith("{\"siteId\":\"bakery\",\"version\":3,\"apps\":[{\"appId\":\"chat\"");
		assertThat(this.api.get("/api/installed-apps/by-site/florist").status()).isEqualTo(404);
		assertThat(this.api.get("/api/installed-apps/by-app/shop").json().at("/siteIds").toString()).isEqualTo("[]");
		assertThat(this.api.get("/api/installed-apps/by-app/chat").json().at("/siteIds").toString())
			.isEqualTo("[\"bakery\"]");
	}

	@Test
	void projectsWhatForeignWritersWroteAndWhatComesInOtherModes() {
		String value = "{\"siteId\":\"%s\",\"version\":1,\"ownerId\":\"ann\",\"name\":\"S\",\"apps\":[],\"createdAt\":\"2026-11-23T12:00:00Z\",\"updatedAt\":\"2026-11-23T12:00:00Z\"}";
		for (String site : List.of("foreign", "structured", "encoded", "batched-1", "batched-2")) {
			this.probe.put("site-metadata", site, value.formatted(site));
		}
		Map<String, ConsumerRecord<byte[], byte[]>> records = new LinkedHashMap<>();
		this.sites.of("foreign", "structured", "encoded", "batched-1", "batched-2")
			.forEach((record) -> records.put(new String(record.key(), StandardCharsets.UTF_8), record));

		assertAccepted(this.source.send(records.get("foreign")));
		assertAccepted(structured("application/cloudevents+json; charset=UTF-8",
				KafkaSourceDouble.document(records.get("structured"), false).toString()));
		assertAccepted(structured("application/cloudevents+json",
				KafkaSourceDouble.document(records.get("encoded"), true).toString()));
		ArrayNode batch = JsonNodeFactory.instance.arrayNode()
			.add(KafkaSourceDouble.document(records.get("batched-1"), true))
			.add(KafkaSourceDouble.document(records.get("batched-2"), false));
		assertAccepted(structured("application/cloudevents-batch+json", batch.toString()));

		records.keySet().forEach((site) -> assertThat(site(site)).contains("\"version\":1"));
	}

	@Test
	void keepsWhatCannotBeProcessedAndAcceptsIt() {
		this.probe.put("site-metadata", "poison", "{\"siteId\":");
		ConsumerRecord<byte[], byte[]> poison = this.sites.of("poison").getFirst();

		assertAccepted(this.source.send(poison));

		String letters = "/actuator/deadletters/%ssite-metadata.project-installed-apps.dlq".formatted(this.prefix);
		Answer kept = this.api.get(letters);
		assertThat(kept.json().at("/items/0/key").asString()).as(kept.body()).isEqualTo("poison");
		assertThat(kept.json().at("/items/0/value").asString()).isEqualTo("{\"siteId\":");
		assertThat(kept.json().at("/items/0/position/partition").asInt()).isEqualTo(poison.partition());
		assertThat(kept.json().at("/items/0/position/offset").asLong()).isEqualTo(poison.offset());
		assertThat(this.api.post(letters, "{\"action\":\"replay\"}").body()).isEqualTo("{\"replayed\":1,\"left\":1}");
	}

	@Test
	void asksToComeAgainWhileRedisIsAway() {
		this.sites.put("patient", 1, "bread");
		ConsumerRecord<byte[], byte[]> record = this.sites.of("patient").getFirst();
		HttpResponse<String> refused;
		REDIS.stop();
		try {
			refused = this.source.send(record);
		}
		finally {
			REDIS.start();
		}

		assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
		assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
		assertThat(refused.body()).contains("\"urn:sitestream:problem:function-failed\"", "projectInstalledApps failed",
				"It counts as not processed: send it again.");
		assertThat(health("projectInstalledApps")).isEqualTo("FAILING");
		await().atMost(PATIENCE).untilAsserted(() -> assertAccepted(this.source.send(record)));
		assertThat(site("patient")).contains("\"version\":1");
		assertThat(health("projectInstalledApps")).isEqualTo("CALLED");
	}

	@Test
	void pushesNotificationsInTheirOrderAndOnce() {
		String channel = Announcer.newChannel();
		try (StompTestClient client = StompTestClient.connect(this.port, "ada").subscribe(channel)) {
			new Announcer(this.emitter, "ada", channel).announce(3);
			KafkaSourceDouble notifications = new KafkaSourceDouble(this.port, "/functions/pushNotifications");
			List<ConsumerRecord<byte[], byte[]>> records = this.probe.committed("notifications");

			records.forEach((record) -> assertAccepted(notifications.send(record)));
			records.forEach((record) -> assertAccepted(notifications.send(record)));

			assertThat(client.awaitMessages(3)).extracting(StompTestFrame::position).containsExactly(1L, 2L, 3L);
			assertThat(client.messages()).extracting(StompTestFrame::body)
				.containsExactly("{\"sequence\":1}", "{\"sequence\":2}", "{\"sequence\":3}");
		}
	}

	@Test
	void acceptsTheCallOfTheReadme() throws IOException {
		String readme = Files.readString(Path.of("README.md"));
		String path = "/functions/pushNotifications";
		String call = readme.substring(readme.indexOf("curl -i http://127.0.0.1:8083" + path)).split("```")[0];
		Map<String, String> headers = new LinkedHashMap<>(Map.of("Content-Type", "application/json"));
		Pattern.compile("-H '([^:]+): ([^']+)'")
			.matcher(call)
			.results()
			.forEach((header) -> headers.put(header.group(1), header.group(2)));
		String body = call.substring(call.indexOf("--json '") + 8, call.lastIndexOf('\''));

		try (StompTestClient client = StompTestClient.connect(this.port, "demo").subscribe("my-called-channel")) {
			assertAccepted(new KafkaSourceDouble(this.port, path).post(headers, body.getBytes(StandardCharsets.UTF_8)));

			assertThat(client.awaitMessages(1)).extracting(StompTestFrame::body).containsExactly("{}");
		}
	}

	@Test
	void consumesNothing() throws Exception {
		assertThat(this.api.get("/actuator/bindings").json().valueStream()).isEmpty();
		assertThat(health("pushNotifications")).isEqualTo("CALLED");
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", this.kafka))) {
			assertThat(admin.listGroups().all().get()).extracting(GroupListing::groupId)
				.noneMatch((group) -> group.startsWith(this.prefix));
		}
	}

	@ParameterizedTest
	@CsvSource({ "/functions/deriveTimeZones, 404, unknown-function", "/, 404, unknown-function",
			"/functions/pushNotifications, 409, foreign-topic", "/functions/projectInstalledApps, 202, " })
	void aRecordBelongsToItsFunction(String path, int status, String slug) {
		this.sites.put("belonging", 1);
		ConsumerRecord<byte[], byte[]> record = this.sites.of("belonging").getFirst();

		HttpResponse<String> answer = new KafkaSourceDouble(this.port, path).send(record);

		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
		if (slug != null) {
			assertThat(answer.body()).contains("urn:sitestream:problem:" + slug);
		}
		if (status == 404) {
			assertThat(answer.body()).contains("projectInstalledApps, pushNotifications");
		}
	}

	@Test
	void whatIsNoEventIsRefused() {
		Answer answer = this.api.post(PROJECT, "{}");

		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.json().at("/type").asString()).isEqualTo("urn:sitestream:problem:invalid-event");
		assertThat(answer.json().at("/detail").asString()).contains("its attribute 'specversion' is missing or empty");
	}

	private String site(String siteId) {
		Answer answer = this.api.get("/api/installed-apps/by-site/" + siteId);
		assertThat(answer.status()).as(answer.body()).isEqualTo(200);
		return answer.body();
	}

	private String health(String function) {
		return this.api.get("/actuator/health/functions").json().at("/details/%s/state".formatted(function)).asString();
	}

	private HttpResponse<String> structured(String type, String body) {
		return this.source.post(Map.of("Content-Type", type), body.getBytes(StandardCharsets.UTF_8));
	}

	private static void assertAccepted(HttpResponse<String> answer) {
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
		assertThat(answer.body()).isEmpty();
	}

}
