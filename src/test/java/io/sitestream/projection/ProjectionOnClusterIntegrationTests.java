package io.sitestream.projection;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.lettuce.core.KillArgs;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanIterator;
import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamTest;
import io.sitestream.TestServers;
import io.sitestream.TopicProbe;
import io.sitestream.appswriter.InstalledApps;
import io.sitestream.platform.RedisKeySpace;
import io.sitestream.servers.LocalRedis;
import io.sitestream.servers.LocalRedisCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The projection of installed apps on a Redis Cluster of three primaries: a rebuild, a
 * primary that forgets while a generation is filled, and one that fails over to a replica
 * which has not got its last writes.
 */
@SitestreamTest(modules = { "appswriter", "appsreader" })
@DirtiesContext
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ProjectionOnClusterIntegrationTests {

	private static final LocalRedisCluster CLUSTER = new LocalRedisCluster(
			Stream.generate(ProjectionOnClusterIntegrationTests::server).limit(3).toList());

	private static final int SITES = 40;

	private static final String PROJECTION = InstalledApps.PROJECTION;

	@LocalServerPort
	int port;

	@Value("${sitestream.topics.prefix}")
	String prefix;

	@Autowired
	StringRedisTemplate redis;

	@Autowired
	RedisKeySpace space;

	@Autowired
	Generations generations;

	ApiClient api;

	TopicProbe topic;

	@DynamicPropertySource
	static void cluster(DynamicPropertyRegistry registry) {
		registry.add("spring.data.redis.cluster.nodes", CLUSTER::addresses);
	}

	@BeforeAll
	void sitesAreThere() {
		this.api = new ApiClient(this.port);
		this.topic = new TopicProbe(TestServers.kafka().address(), this.prefix);
		write(1, "stable", "spare");
		awaitWhole(1, "stable", "spare");
	}

	@AfterAll
	void stop() {
		this.topic.close();
		CLUSTER.close();
	}

	@Test
	@Order(1)
	void namesWrongEntriesOnWhicheverServersTheyLieBeforeItSwitchesAndGoesBack() {
		String view = key(1, "view:{c03}");
		String right = this.redis.opsForValue().get(view);
		this.redis.opsForValue().set(view, right.replace("\"appId\":\"stable\"", "\"appId\":\"forged\""));
		this.redis.opsForHash().put(key(1, "index:{app/stable}:entries"), "ghost", "7:1");
		this.redis.opsForZSet().add(key(1, "index:{app/stable}:members"), "ghost", 0);
		this.redis.opsForZSet().remove(key(1, "index:{app/spare}:members"), "c05");

		assertThat(act("rebuild").status()).isEqualTo(202);
		awaitState(2, "WAITING");

		List<String> named = new ArrayList<>();
		generation(2).at("/differences")
			.forEach((difference) -> named
				.add(difference.at("/indexKey").asString("view") + " " + difference.at("/key").asString()));
		assertThat(named).containsExactlyInAnyOrder("view c03", "app/stable ghost", "app/spare c05");
		assertThat(act("accept").status()).isEqualTo(202);
		awaitWhole(1, "stable", "spare");
		assertThat(act("rollback").status()).isEqualTo(202);
		await().atMost(Duration.ofSeconds(60)).until(() -> count("stable") == SITES + 1);
		assertThat(act("rollback").status()).isEqualTo(202);
		awaitWhole(1, "stable", "spare");
	}

	@Test
	@Order(2)
	void removesADroppedGenerationFromAllServers() {
		assertThat(keysOf(1)).allMatch((keys) -> keys > 0);

		assertThat(act("rebuild").status()).isEqualTo(202);
		awaitState(3, "SERVING");

		await().atMost(Duration.ofSeconds(60)).until(() -> keysOf(1).stream().allMatch((keys) -> keys == 0));
		assertThat(keysOf(2)).allMatch((keys) -> keys > 0);
		assertThat(keysOf(3)).allMatch((keys) -> keys > 0);
	}

	/** The fill ends where the topic is long: it would never be through by itself. */
	@Test
	@Order(3)
	void fillsAGenerationAnewWhenAnyPrimaryHasForgottenMeanwhile() {
		String id = UUID.randomUUID().toString();
		String store = this.generations.store(PROJECTION);
		this.generations.change(PROJECTION, (now) -> now.rebuild(id, 1, Instant.now())
			.change(id, (filling) -> filling.filledTo(Map.of(0, Long.MAX_VALUE)).in(store)));
		await().atMost(Duration.ofSeconds(60)).until(() -> generation(4).at("/entries").asInt() == SITES);
		int other = (CLUSTER.nodeOf("{" + PROJECTION + "}") + 1) % 3;

		CLUSTER.node(other).restartWith(new byte[0]);

		awaitState(4, "SERVING");
		assertThat(this.generations.catalogue(PROJECTION).orElseThrow().find(id)).isEmpty();
		awaitWhole(1, "stable", "spare");
	}

	/**
	 * The server that fails has the entries of an app, and most of that app's sites have
	 * their views elsewhere: these are there, and say nothing of what was lost. The
	 * writer stands still for a while, so that this shows.
	 */
	@Test
	@Order(4)
	void becomesWholeByItselfAfterAFailoverThatLosesWritesAndAnswersNoTokenWrongly() throws Exception {
		int failing = CLUSTER.nodeOf("{app/late}");
		LocalRedis replica = server();
		CLUSTER.replicate(replica, failing);
		// it reaches its primary no more: that knows no passwords
		LocalRedisCluster.at(replica, (server) -> server.configSet("masterauth", "unknown"));
		CLUSTER.at(failing, (server) -> server.clientKill(KillArgs.Builder.typeSlave()));
		await().atMost(Duration.ofSeconds(60))
			.until(() -> LocalRedisCluster.at(replica, (server) -> server.info("replication"))
				.contains("master_link_status:down"));
		write(2, "stable", "late");
		awaitWhole(2, "stable", "late");
		AtomicBoolean over = new AtomicBoolean();
		AtomicInteger answers = new AtomicInteger();
		Queue<String> wrong = new ConcurrentLinkedQueue<>();
		List<CompletableFuture<Void>> readers = IntStream.range(0, 3)
			.mapToObj((reader) -> CompletableFuture.runAsync(() -> readUntil(over, new Random(reader), answers, wrong)))
			.toList();

		writing("STOPPED");

		CLUSTER.node(failing).kill();
		LocalRedisCluster.at(replica, (server) -> server.clusterFailover(false, true));
		await().atMost(Duration.ofSeconds(60)).until(() -> count("late") == 0);

		for (int i = 0; i < SITES; i++) {
			assertThat(late(this.api, site(i)).status()).as("nobody has repeated what was lost").isEqualTo(503);
		}
		int before = answers.get();
		writing("STARTED");
		awaitWhole(2, "stable", "late");
		await().atMost(Duration.ofSeconds(60)).until(() -> answers.get() > before + 20);
		over.set(true);
		for (CompletableFuture<Void> reader : readers) {
			reader.get(120, TimeUnit.SECONDS);
		}
		assertThat(wrong).isEmpty();
		assertThat(count("spare")).isZero();
	}

	private void readUntil(AtomicBoolean over, Random random, AtomicInteger answers, Queue<String> wrong) {
		ApiClient reader = new ApiClient(this.port);
		while (!over.get()) {
			String site = site(random.nextInt(SITES));
			Answer answer = late(reader, site);
			if (answer.status() == 200) {
				answers.incrementAndGet();
				if (!answer.body().contains("\"" + site + "\"")) {
					wrong.add(site + ": " + answer.body());
				}
			}
		}
	}

	private static Answer late(ApiClient reader, String site) {
		return reader.get("/api/installed-apps/by-app/late?limit=1000", "Consistency-Token",
				AppsStore.token(site, 2).encode(), "Prefer", "wait=0");
	}

	private void writing(String state) {
		assertThat(this.api.post("/actuator/bindings/projectInstalledApps-in-0", "{\"state\":\"%s\"}".formatted(state))
			.status()).isEqualTo(204);
	}

	private void write(int version, String... apps) {
		for (int i = 0; i < SITES; i++) {
			String site = site(i);
			String installed = Stream.of(apps)
				.map((app) -> """
						{"appId":"%s","instanceId":"%s-%s","version":"1","status":"ENABLED","installedAt":"2026-01-01T00:00:00Z"}"""
					.formatted(app, site, app))
				.reduce((one, other) -> one + "," + other)
				.orElseThrow();
			this.topic.send("site-metadata", site,
					"""
							{"siteId":"%s","version":%d,"ownerId":"o","name":"S","apps":[%s],"createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z"}"""
						.formatted(site, version, installed));
		}
		this.topic.flush();
	}

	private void awaitWhole(int version, String... apps) {
		await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> {
			for (String app : apps) {
				assertThat(count(app)).as(app).isEqualTo(SITES);
			}
			for (int i = 0; i < SITES; i++) {
				Answer found = this.api.get("/api/installed-apps/by-site/" + site(i));
				assertThat(found.json().at("/version").asInt()).as(found.body()).isEqualTo(version);
				assertThat(found.body()).contains(apps);
			}
		});
	}

	private static String site(int number) {
		return "c%02d".formatted(number);
	}

	private static LocalRedis server() {
		return TestServers.separateRedis("--cluster-enabled", "yes", "--cluster-node-timeout", "5000");
	}

	/** How many keys of a generation each primary has. */
	private List<Integer> keysOf(int generation) {
		ScanArgs args = ScanArgs.Builder.matches(key(generation, "*")).limit(1_000);
		return IntStream.range(0, 3)
			.mapToObj((node) -> CLUSTER.at(node,
					(server) -> (int) ScanIterator.scan(server, args).stream().distinct().count()))
			.toList();
	}

	private int count(String app) {
		return this.api.get("/api/installed-apps/by-app/" + app).json().at("/count").asInt(-1);
	}

	private Answer act(String action) {
		return this.api.post("/actuator/projections",
				"{\"projection\":\"installed-apps\",\"action\":\"%s\"}".formatted(action));
	}

	private JsonNode generation(int number) {
		JsonNode projection = this.api.get("/actuator/projections").json().at("/installed-apps");
		for (JsonNode generation : projection.at("/generations")) {
			if (generation.at("/generation").asInt() == number) {
				return generation;
			}
		}
		return projection.at("/nothing");
	}

	private void awaitState(int number, String state) {
		await().atMost(Duration.ofSeconds(90))
			.untilAsserted(() -> assertThat(generation(number).at("/state").asString("")).isEqualTo(state));
	}

	private String key(int generation, String rest) {
		return this.space.key("installed-apps:%d:%s".formatted(generation, rest));
	}

}
