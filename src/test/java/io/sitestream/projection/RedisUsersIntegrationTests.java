package io.sitestream.projection;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.sitestream.ApiClient;
import io.sitestream.SitestreamTest;
import io.sitestream.TestServers;
import io.sitestream.platform.ConsistencyToken;
import io.sitestream.platform.RedisKeySpace;
import io.sitestream.projection.reading.ReadSources;
import io.sitestream.servers.LocalRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The users that {@code infra/redis} gives to writers and to readers: a reader has all
 * that it needs, its near cache and its hints among them, and nothing else.
 */
@SitestreamTest(modules = "appsreader",
		properties = { "sitestream.redis.prefix=", "spring.data.redis.username=" + RedisUsersIntegrationTests.READER,
				"spring.data.redis.password=" + RedisUsersIntegrationTests.READERS_PASSWORD })
@DirtiesContext
@ExtendWith(OutputCaptureExtension.class)
class RedisUsersIntegrationTests {

	static final String READER = "sitestream-reader";

	static final String READERS_PASSWORD = "change-the-readers-password";

	private static final LocalRedis SERVER = TestServers.separateRedis("--aclfile",
			Path.of("infra/redis/users.acl").toAbsolutePath().toString());

	@LocalServerPort
	int port;

	@DynamicPropertySource
	static void server(DynamicPropertyRegistry registry) {
		registry.add("spring.data.redis.port", SERVER::port);
	}

	@AfterAll
	static void stop() {
		SERVER.close();
	}

	@Test
	void theReaderAnswersAsAUserWhoMayOnlyRead(CapturedOutput output) {
		LettuceConnectionFactory connections = new LettuceConnectionFactory(writer());
		connections.afterPropertiesSet();
		connections.start();
		ApiClient api = new ApiClient(this.port);
		try (AppsStore store = new AppsStore(connections, ReadSources.of(connections, 0), new RedisKeySpace(""))) {
			ConsistencyToken token = store.put("shop", 1, "chat");
			String[] patient = { "Consistency-Token", token.encode(), "Prefer", "wait=30" };
			assertThat(api.get("/api/installed-apps/by-app/chat", patient).json().at("/siteIds/0").asString())
				.isEqualTo("shop");
			assertThat(api.get("/api/installed-apps/by-instance/shop-chat").status()).isEqualTo(200);
			assertThat(api.get("/api/installed-apps/by-site/shop").header("ETag")).hasValue("\"1\"");

			store.put("shop", 2, "chat", "store");

			await().atMost(Duration.ofSeconds(60))
				.until(() -> api.get("/api/installed-apps/by-site/shop").header("ETag").equals(Optional.of("\"2\"")));
		}
		finally {
			connections.destroy();
		}
		assertThat(api.get("/actuator/health/readiness").status()).isEqualTo(200);
		assertThat(api.get("/actuator/health").json().at("/components/redis/status").asString()).isEqualTo("UP");
		assertThat(api.get("/actuator/prometheus").body())
			.containsPattern("sitestream_projection_near_cache_hits_total [1-9]");
		assertThat(output.getOut()).doesNotContain("The near cache is off");
	}

	@Test
	void theReadersUserMayNeitherWriteNorReadAnythingElse() {
		RedisURI uri = RedisURI.Builder.redis("127.0.0.1", SERVER.port())
			.withAuthentication(READER, READERS_PASSWORD)
			.build();
		try (RedisClient client = RedisClient.create(uri);
				StatefulRedisConnection<String, String> connection = client.connect()) {
			RedisCommands<String, String> redis = connection.sync();

			assertThat(redis.get("installed-apps:1:view:{none}")).isNull();
			List.<Runnable>of(() -> redis.set("installed-apps:1:view:{shop}", "2\n{}"),
					() -> redis.del("{installed-apps}:serving"), () -> redis.eval("return 1", ScriptOutputType.INTEGER),
					() -> redis.get("channel:any"), redis::flushall, () -> redis.configGet("maxmemory"),
					() -> redis.publish("installed-apps:advances", ""))
				.forEach((refused) -> assertThatExceptionOfType(RedisCommandExecutionException.class)
					.isThrownBy(refused::run)
					.withMessageStartingWith("NOPERM"));
		}
	}

	private static RedisStandaloneConfiguration writer() {
		RedisStandaloneConfiguration writer = new RedisStandaloneConfiguration("127.0.0.1", SERVER.port());
		writer.setUsername("sitestream-writer");
		writer.setPassword("change-the-writers-password");
		return writer;
	}

}
