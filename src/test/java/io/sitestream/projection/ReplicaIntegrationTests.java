package io.sitestream.projection;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamTest;
import io.sitestream.TestServers;
import io.sitestream.appswriter.InstalledApps;
import io.sitestream.platform.ConsistencyToken;
import io.sitestream.platform.RedisKeySpace;
import io.sitestream.projection.reading.ReadSources;
import io.sitestream.servers.LocalRedis;
import org.awaitility.core.ConditionFactory;
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

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A reader that prefers a replica, beside a writer on the primary.
 */
@SitestreamTest(modules = "appsreader", properties = "spring.data.redis.lettuce.read-from=replica-preferred")
@DirtiesContext
class ReplicaIntegrationTests {

	private static final LocalRedis PRIMARY = TestServers.separateRedis();

	private static final LocalRedis REPLICA = TestServers.separateRedis("--replicaof", "127.0.0.1",
			Integer.toString(PRIMARY.port()));

	@LocalServerPort
	int port;

	@Autowired
	RedisKeySpace space;

	private LettuceConnectionFactory connections;

	private AppsStore store;

	private ApiClient api;

	@DynamicPropertySource
	static void servers(DynamicPropertyRegistry registry) {
		registry.add("spring.data.redis.masterreplica.nodes", () -> PRIMARY.address() + "," + REPLICA.address());
	}

	@AfterAll
	static void stop() {
		REPLICA.close();
		PRIMARY.close();
	}

	@BeforeEach
	void connect() {
		this.api = new ApiClient(this.port);
		this.connections = new LettuceConnectionFactory("127.0.0.1", PRIMARY.port());
		this.connections.afterPropertiesSet();
		this.connections.start();
		this.store = new AppsStore(this.connections, ReadSources.of(this.connections, 0), this.space);
		awaitLink("up");
	}

	@AfterEach
	void disconnect() {
		at(REPLICA, (redis) -> redis.replicaof("127.0.0.1", PRIMARY.port()));
		this.store.close();
		this.connections.destroy();
	}

	@Test
	void readsWithoutATokenComeFromTheReplicaAndItsMemory() {
		this.store.put("shop", 1, "chat");
		awaitEtag("shop", 1);
		long primary = calls(PRIMARY);
		long replica = calls(REPLICA);

		for (int i = 0; i < 20; i++) {
			assertThat(bySite("shop").status()).isEqualTo(200);
			assertThat(bySite("none" + i).status()).isEqualTo(404);
		}

		assertThat(calls(PRIMARY)).isEqualTo(primary);
		assertThat(calls(REPLICA) - replica).isEqualTo(20);
		this.store.put("shop", 2, "chat");
		awaitEtag("shop", 2);
	}

	@Test
	void theNotesAreAskedForThoughTheyStayAsTheyAre() {
		note(Instant.now());
		lag();
		long asked = calls(REPLICA, "hgetall");

		awaitPatiently().until(() -> {
			lag();
			return calls(REPLICA, "hgetall") >= asked + 3;
		});
	}

	@Test
	void aReplicaThatIsCutOffShowsItselfInTheLagAndTokensAreReadFromThePrimary() {
		ConsistencyToken first = this.store.put("cut", 1, "chat");
		note(Instant.now());
		awaitEtag("cut", 1);
		await().atMost(Duration.ofSeconds(60)).until(() -> lag() == 0);

		at(REPLICA, (redis) -> redis.replicaof("127.0.0.1", 1));
		awaitLink("down");
		ConsistencyToken second = this.store.put("cut", 2, "chat");
		note(Instant.now());

		assertThat(bySite("cut").header("ETag")).hasValue("\"1\"");
		assertThat(bySite("cut", first.encode()).header("ETag")).hasValue("\"2\"");
		assertThat(bySite("cut", second.encode()).header("ETag")).hasValue("\"2\"");
		await().atMost(Duration.ofSeconds(60)).until(() -> lag() >= 5_000);
		long lag = lag();
		note(Instant.now());
		awaitPatiently().until(() -> lag() > lag);

		at(REPLICA, (redis) -> redis.replicaof("127.0.0.1", PRIMARY.port()));
		awaitEtag("cut", 2);
		awaitPatiently().until(() -> {
			note(Instant.now());
			return lag() == 0;
		});
	}

	/** The note of a writer that is at the end, as one writes it every second. */
	private void note(Instant now) {
		byte[] note = new ProjectionProgress.Note(now.toEpochMilli(), now.toEpochMilli(), 1, 0).encode();
		RedisAccess redis = new RedisAccess(this.connections);
		for (int partition = 0; partition < InstalledApps.PARTITIONS; partition++) {
			byte[] field = Integer.toString(partition).getBytes(StandardCharsets.UTF_8);
			redis.one((commands) -> commands.hset(ProjectionKeys.notes(this.space, InstalledApps.PROJECTION), field,
					note));
		}
	}

	private void awaitEtag(String siteId, long version) {
		awaitPatiently().until(() -> bySite(siteId).header("ETag").equals(Optional.of("\"" + version + "\"")));
	}

	private static void awaitLink(String status) {
		awaitPatiently()
			.until(() -> at(REPLICA, (redis) -> redis.info("replication")).contains("master_link_status:" + status));
	}

	private static ConditionFactory awaitPatiently() {
		return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50));
	}

	private long lag() {
		return Long.parseLong(this.api.get("/api/installed-apps/by-app/any").header("Projection-Lag").orElseThrow());
	}

	private Answer bySite(String siteId) {
		return this.api.get("/api/installed-apps/by-site/" + siteId);
	}

	private Answer bySite(String siteId, String token) {
		return this.api.get("/api/installed-apps/by-site/" + siteId, "Consistency-Token", token, "Prefer", "wait=30");
	}

	private static long calls(LocalRedis server) {
		return calls(server, "get");
	}

	private static long calls(LocalRedis server, String command) {
		return at(server, (redis) -> redis.info("commandstats")).lines()
			.filter((line) -> line.startsWith("cmdstat_" + command + ":calls="))
			.mapToLong((line) -> Long.parseLong(line.replaceAll(".*:calls=(\\d+),.*", "$1")))
			.sum();
	}

	private static <R> R at(LocalRedis server, Function<RedisCommands<String, String>, R> command) {
		try (RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", server.port()));
				StatefulRedisConnection<String, String> connection = client.connect()) {
			return command.apply(connection.sync());
		}
	}

}
