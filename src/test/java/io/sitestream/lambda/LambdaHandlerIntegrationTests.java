package io.sitestream.lambda;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.LambdaHandler;
import io.sitestream.SitestreamTest;
import io.sitestream.TestServers;
import io.sitestream.TopicProbe;
import io.sitestream.contactjobs.ImportClient;
import io.sitestream.lambda.EventSourceMapping.Outcome;
import io.sitestream.servers.Junction;
import io.sitestream.servers.Ports;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The projection and the importer run as functions of Lambda alone, everything else as it
 * always does. Whoever writes, reads and imports sees no difference.
 */
@SitestreamTest(modules = { "site", "appsreader", "contactjobs", "notification" })
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LambdaHandlerIntegrationTests {

	private static final String[] PATIENT = { "Prefer", "wait=30" };

	private static final int ROWS = 2_500;

	@LocalServerPort
	int port;

	@Autowired
	Environment environment;

	private final Junction redis = new Junction(TestServers.redis().port());

	private final Junction postgres = new Junction(TestServers.postgres().port());

	private final List<AutoCloseable> open = new ArrayList<>();

	private ApiClient api;

	private TopicProbe probe;

	private EventSourceMapping sites;

	private EventSourceMapping batches;

	@BeforeAll
	void start() {
		this.api = new ApiClient(this.port);
		this.probe = new TopicProbe(setting("spring.kafka.bootstrap-servers"), setting("sitestream.topics.prefix"));
		this.sites = mapping("site-metadata", "project-installed-apps", 500, KafkaEventJson.MSK, handler("appswriter",
				"projectInstalledApps", "--sitestream.lambda.report-failures=true", "--spring.data.redis.timeout=1s"));
		this.batches = mapping("contact-import-batches", "import-contacts", 2, KafkaEventJson.SELF_MANAGED,
				handler("contactimporter", "importContacts", "--spring.datasource.hikari.maximum-pool-size=2",
						"--spring.datasource.hikari.connection-timeout=1000"));
		this.open.addAll(List.of(this.probe, this.redis, this.postgres));
	}

	@AfterAll
	void stop() throws Exception {
		for (AutoCloseable each : this.open) {
			each.close();
		}
	}

	@Test
	void theProjectionIsWrittenByEventsAndRepetitionIsHarmless() {
		String[] tokens = { create("first", "chat"), create("second", "chat"), install("first", "store") };
		deliver(this.sites);

		assertThat(appsOf("first", tokens)).containsExactly("chat", "store");
		assertThat(sitesWith("chat")).containsExactly("first", "second");
		assertThat(sitesWith("store")).containsExactly("first");

		this.sites.rewind();
		deliver(this.sites);

		assertThat(appsOf("first", tokens)).containsExactly("chat", "store");
		assertThat(sitesWith("chat")).containsExactly("first", "second");
	}

	@Test
	void aTombstoneRemovesASite() {
		create("brief", "short-lived");
		deliver(this.sites);
		assertThat(sitesWith("short-lived")).containsExactly("brief");

		String token = this.api.delete("/api/sites/brief", PATIENT).header("Consistency-Token").orElseThrow();
		deliver(this.sites);

		assertThat(this.api.get("/api/installed-apps/by-site/brief", "Consistency-Token", token).status())
			.isEqualTo(404);
		assertThat(sitesWith("short-lived")).isEmpty();
	}

	@Test
	void aRecordThatCannotBeProcessedIsKeptAndDoesNotComeAgain() {
		this.probe.put("site-metadata", "poison", "{\"siteId\":\"poison\",\"version\":");
		String token = create("healthy", "near-poison");
		deliver(this.sites);

		assertThat(appsOf("healthy", token)).containsExactly("near-poison");
		List<ConsumerRecord<byte[], byte[]>> letters = this.probe.committed("site-metadata.project-installed-apps.dlq");
		assertThat(letters).extracting(TopicProbe::value)
			.containsOnly("{\"siteId\":\"poison\",\"version\":")
			.hasSizeGreaterThanOrEqualTo(1);
		assertThat(this.sites.next().records()).isZero();
	}

	@Test
	void whileRedisIsAwayThePartitionIsReportedFromItsFirstRecordOn() {
		this.redis.lead(Ports.free());
		String token = create("patient", "waiting");
		Outcome away = await().atMost(Duration.ofSeconds(60))
			.until(this.sites::next, (outcome) -> outcome.records() > 0);
		assertThat(away.again()).hasSize(1);

		this.redis.lead(TestServers.redis().port());
		Outcome back = await().atMost(Duration.ofSeconds(60))
			.until(this.sites::next, (outcome) -> outcome.records() > 0 && outcome.again().isEmpty());

		assertThat(back.records()).isEqualTo(1);
		assertThat(appsOf("patient", token)).containsExactly("waiting");
	}

	@Test
	void anImportWhoseBatchesComeByEventsIsCompletedAndBalances() {
		ImportClient client = new ImportClient(this.port);
		String csv = "name,email\nNo identifier,\n" + IntStream.range(1, ROWS)
			.mapToObj((row) -> "Row %d,row-%d@%s.example".formatted(row, row, client.account()))
			.collect(Collectors.joining("\n"));
		this.postgres.lead(Ports.free());
		String path = ImportClient.accepted(client.upload(csv, ""));
		Outcome away = await().atMost(Duration.ofSeconds(60))
			.until(this.batches::next, (outcome) -> outcome.records() > 0);
		assertThat(away.again()).isNotEmpty();
		this.postgres.lead(TestServers.postgres().port());

		deliver(this.batches);
		JsonNode done = client.awaitDone(path);

		assertThat(done.at("/state").asString()).isEqualTo("COMPLETED");
		assertThat(done.at("/rows").toString())
			.isEqualTo("{\"total\":2500,\"created\":2499,\"updated\":0,\"unchanged\":0,\"skipped\":0,\"rejected\":1}");
		assertThat(contactsOf(client.account())).isEqualTo(ROWS - 1);

		this.batches.rewind();
		deliver(this.batches);

		assertThat(contactsOf(client.account())).isEqualTo(ROWS - 1);
		assertThat(ImportClient.json(client.get(path)).at("/rows")).isEqualTo(done.at("/rows"));
	}

	/** Hands everything over, until nothing has come twice and nothing is left. */
	private static void deliver(EventSourceMapping mapping) {
		await().atMost(Duration.ofSeconds(60))
			.until(mapping::next, (outcome) -> outcome.records() > 0 && outcome.again().isEmpty());
		await().atMost(Duration.ofSeconds(60)).until(mapping::next, (outcome) -> outcome.records() == 0);
	}

	private String create(String siteId, String appId) {
		return token(this.api.post("/api/sites",
				"{\"siteId\":\"%s\",\"ownerId\":\"ann\",\"name\":\"S\",\"apps\":[{\"appId\":\"%s\",\"version\":\"1\"}]}"
					.formatted(siteId, appId),
				PATIENT));
	}

	private String install(String siteId, String appId) {
		return token(this.api.put("/api/sites/%s/apps/%s".formatted(siteId, appId), "{\"version\":\"1\"}", PATIENT));
	}

	private static String token(Answer written) {
		return written.header("Consistency-Token").orElseThrow(() -> new AssertionError(written.body()));
	}

	private List<String> appsOf(String siteId, String... tokens) {
		Answer site = this.api.get("/api/installed-apps/by-site/" + siteId, "Consistency-Token",
				String.join(",", tokens));
		assertThat(site.status()).as(site.body()).isEqualTo(200);
		return site.json().at("/apps").valueStream().map((app) -> app.at("/appId").asString()).toList();
	}

	private List<String> sitesWith(String appId) {
		return this.api.get("/api/installed-apps/by-app/" + appId)
			.json()
			.at("/siteIds")
			.valueStream()
			.map(JsonNode::asString)
			.toList();
	}

	private long contactsOf(String account) {
		DriverManagerDataSource database = new DriverManagerDataSource(setting("spring.datasource.url"),
				setting("spring.datasource.username"), "");
		return JdbcClient.create(database)
			.sql("select count(*) from contacts.contact where account = ?")
			.param(account)
			.query(Long.class)
			.single();
	}

	private EventSourceMapping mapping(String topic, String group, int batchSize, KafkaEventJson source,
			LambdaHandler handler) {
		String prefix = setting("sitestream.topics.prefix");
		EventSourceMapping mapping = new EventSourceMapping(setting("spring.kafka.bootstrap-servers"), prefix + topic,
				prefix + group, batchSize, source, (event) -> {
					ByteArrayOutputStream answer = new ByteArrayOutputStream();
					handler.handleRequest(new ByteArrayInputStream(event), answer);
					return answer.toByteArray();
				});
		this.open.addAll(List.of(mapping, handler));
		return mapping;
	}

	private LambdaHandler handler(String module, String function, String... settings) {
		String database = setting("spring.datasource.url");
		Map<String, String> space = Map.of("sitestream.modules", module, "sitestream.functions", function,
				"sitestream.topics.prefix", setting("sitestream.topics.prefix"), "sitestream.redis.prefix",
				setting("sitestream.redis.prefix"), "spring.kafka.bootstrap-servers",
				setting("spring.kafka.bootstrap-servers"), "spring.data.redis.host", "127.0.0.1",
				"spring.data.redis.port", Integer.toString(this.redis.port()), "spring.datasource.url",
				database.replace(":" + TestServers.postgres().port() + "/", ":" + this.postgres.port() + "/"),
				"spring.datasource.username", setting("spring.datasource.username"));
		return new LambdaHandler(Stream
			.concat(space.entrySet().stream().map((entry) -> "--%s=%s".formatted(entry.getKey(), entry.getValue())),
					Stream.of(settings))
			.toArray(String[]::new));
	}

	private String setting(String name) {
		return this.environment.getRequiredProperty(name);
	}

}
