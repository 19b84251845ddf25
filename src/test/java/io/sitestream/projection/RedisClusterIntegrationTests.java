package io.sitestream.projection;

import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.lettuce.core.api.sync.RedisCommands;
import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamTest;
import io.sitestream.TestServers;
import io.sitestream.appswriter.InstalledApps;
import io.sitestream.platform.ConsistencyToken;
import io.sitestream.platform.RedisKeySpace;
import io.sitestream.platform.RedisPrimaries;
import io.sitestream.projection.reading.ReadSources;
import io.sitestream.servers.LocalRedisCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Writer and reader on a Redis Cluster of three primaries, over the connections that the
 * application makes from {@code spring.data.redis.cluster.nodes}.
 */
@SitestreamTest(modules = "appsreader")
@DirtiesContext
class RedisClusterIntegrationTests {

	private static final LocalRedisCluster CLUSTER = new LocalRedisCluster(Stream
		.generate(() -> TestServers.separateRedis("--cluster-enabled", "yes", "--cluster-node-timeout", "5000"))
		.limit(3)
		.toList());

	@Autowired
	LettuceConnectionFactory connections;

	@Autowired
	RedisKeySpace space;

	@LocalServerPort
	int port;

	private AppsStore store;

	@DynamicPropertySource
	static void cluster(DynamicPropertyRegistry registry) {
		registry.add("spring.data.redis.cluster.nodes", CLUSTER::addresses);
	}

	@AfterAll
	static void stop() {
		CLUSTER.close();
	}

	@BeforeEach
	void open() {
		this.store = new AppsStore(this.connections, ReadSources.of(this.connections, 1_000_000), this.space);
		note();
	}

	/** What a writer notes: there is none but the test here. */
	private void note() {
		RedisAccess redis = new RedisAccess(this.connections);
		String notes = RedisPrimaries.notesKey(this.space, InstalledApps.PROJECTION);
		String primaries = RedisPrimaries
			.joined(redis.pipelined((commands) -> RedisPrimaries.identify(commands, notes.getBytes(UTF_8))));
		for (int partition = 0; partition < 6; partition++) {
			byte[] field = ("sites:" + partition).getBytes(UTF_8);
			redis.one((commands) -> commands.hset(notes.getBytes(UTF_8), field, (primaries + " 0").getBytes(UTF_8)));
		}
	}

	@AfterEach
	void close() {
		this.store.close();
	}

	@Test
	void answersEverythingOverHttpAsWithOneServer() {
		ApiClient api = new ApiClient(this.port);
		String token = "";
		for (int i = 0; i < 30; i++) {
			token = this.store.put("http-%02d".formatted(i), 1, "wide", "app-" + i).encode();
		}
		String[] patient = { "Consistency-Token", token, "Prefer", "wait=30" };

		assertThat(api.get("/api/installed-apps/by-site/http-07", patient).json().at("/apps/1/appId").asString())
			.isEqualTo("app-7");
		Answer page = api.get("/api/installed-apps/by-app/wide?limit=20", patient);
		assertThat(page.json().at("/count").asInt()).isEqualTo(30);
		assertThat(page.json().at("/next").asString()).isEqualTo("http-19");
		assertThat(api.get("/api/installed-apps/by-instance/http-11-wide", patient).json().at("/siteId").asString())
			.isEqualTo("http-11");
		Answer batch = api.post("/api/installed-apps/by-site", "{\"siteIds\":[\"http-29\",\"none\",\"http-01\"]}",
				patient);
		assertThat(batch.json().at("/sites/1/siteId").asString()).isEqualTo("http-01");
		assertThat(batch.json().at("/unknown/0").asString()).isEqualTo("none");
		assertThat(IntStream.range(0, 3).map((node) -> CLUSTER.at(node, RedisCommands::dbsize).intValue()))
			.allMatch((keys) -> keys > 10);
	}

	@Test
	void showsWhatATokenNamesWhicheverServersItLiesOn() throws Exception {
		try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
			List<Future<?>> running = IntStream.range(0, 3)
				.<Future<?>>mapToObj((thread) -> pool.submit(() -> readOwnWrites(thread)))
				.toList();
			for (Future<?> each : running) {
				each.get(120, TimeUnit.SECONDS);
			}
		}
	}

	private void readOwnWrites(int thread) {
		Random random = new Random(thread);
		for (long version = 1; version <= 40; version++) {
			String site = "own-" + thread;
			String app = "own-app-" + random.nextInt(5);
			ConsistencyToken token = this.store.put(site, version, app);

			assertThat(this.store.sitesWith(List.of(token), app)).contains(site);
		}
		ConsistencyToken removed = this.store.remove("own-" + thread, 41);
		for (int app = 0; app < 5; app++) {
			assertThat(this.store.sitesWith(List.of(removed), "own-app-" + app)).doesNotContain("own-" + thread);
		}
	}

	@Test
	void goesOnWhenAServerHasForgottenTheScripts() {
		this.store.put("scripts", 1, "a");
		IntStream.range(0, 3).forEach((node) -> CLUSTER.at(node, RedisCommands::scriptFlush));

		for (int version = 2; version <= 6; version++) {
			ConsistencyToken token = this.store.put("scripts", version, "a", "v" + version);
			assertThat(this.store.sitesWith(List.of(token), "v" + version)).containsExactly("scripts");
			IntStream.range(0, 3).forEach((node) -> CLUSTER.at(node, RedisCommands::scriptFlush));
		}
	}

	@Test
	void wakesWhoWaitsForAWrite() throws Exception {
		try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
			Future<List<String>> waiting = pool
				.submit(() -> this.store.sitesWith(List.of(AppsStore.token("late", 1)), "late"));
			this.store.put("early", 1, "late");
			assertThat(waiting.isDone()).isFalse();
			this.store.put("late", 1, "late");

			assertThat(waiting.get(60, TimeUnit.SECONDS)).containsExactly("early", "late");
		}
	}

}
