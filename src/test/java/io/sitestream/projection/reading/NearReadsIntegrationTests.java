package io.sitestream.projection.reading;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.KillArgs;
import io.lettuce.core.ReadFrom;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.CommandType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sitestream.TestServers;
import io.sitestream.servers.LocalRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Node;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

/**
 * Reads with a near cache against a Redis that changes, forgets, cuts connections off and
 * goes away.
 */
@ExtendWith(OutputCaptureExtension.class)
class NearReadsIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final LocalRedis server = TestServers.separateRedis();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", this.server.port()));

	private RedisCommands<String, String> redis;

	private LettuceConnectionFactory connections;

	private ReadSources sources;

	@BeforeEach
	void connect() {
		this.redis = this.client.connect().sync();
		open(new RedisStandaloneConfiguration("127.0.0.1", this.server.port()), 1_000_000);
	}

	@AfterEach
	void disconnect() {
		close();
		this.client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
		this.server.close();
	}

	@Test
	void asksRedisOnlyOnceUntilTheKeyChanges() {
		this.redis.set("a", "1");
		assertThat(near("a")).isEqualTo("1");
		assertThat(near("b")).isEqualTo("-");
		long asked = calls("get");

		for (int i = 0; i < 100; i++) {
			assertThat(near("a")).isEqualTo("1");
			assertThat(near("b")).isEqualTo("-");
		}

		assertThat(calls("get")).isEqualTo(asked);
		assertThat(count("hits")).isEqualTo(200);
		assertThat(count("misses")).isEqualTo(2);
		assertThat(this.meters.get("sitestream.projection.near_cache.bytes").gauge().value()).isPositive();
		this.redis.set("a", "2");
		this.redis.set("b", "3");
		assertThat(direct("a")).isEqualTo("2");
		awaitNear("a", "2");
		awaitNear("b", "3");
		assertThat(count("invalidations")).isEqualTo(2);
	}

	@Test
	void remembersPagesUntilTheSetChanges() {
		this.redis.zadd("tag", 0.0, "a", 0.0, "b", 0.0, "c");
		assertThat(page("", 2)).containsExactly("3", "a", "b");
		assertThat(page("b", 2)).containsExactly("3", "c");
		long asked = calls("zrangebylex");

		assertThat(page("", 2)).containsExactly("3", "a", "b");
		assertThat(page("b", 2)).containsExactly("3", "c");

		assertThat(calls("zrangebylex")).isEqualTo(asked);
		this.redis.zrem("tag", "a");
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(page("", 2)).containsExactly("2", "b", "c"));
	}

	@Test
	void neverKeepsAnAnswerThatAChangeOvertook() throws Exception {
		AtomicBoolean done = new AtomicBoolean();
		try (ExecutorService readers = Executors.newFixedThreadPool(4)) {
			List<Future<?>> reading = IntStream.range(0, 4).<Future<?>>mapToObj((i) -> readers.submit(() -> {
				while (!done.get()) {
					near("race");
				}
			})).toList();
			try {
				for (int version = 1; version <= 600; version++) {
					this.redis.set("race", Integer.toString(version));
					if (version % 5 == 0) {
						awaitNear("race", Integer.toString(version));
					}
				}
			}
			finally {
				done.set(true);
			}
			for (Future<?> reader : reading) {
				reader.get(60, TimeUnit.SECONDS);
			}
		}
	}

	@Test
	void forgetsEverythingWithTheConnectionThatToldChanges() {
		this.redis.set("a", "1");
		assertThat(near("a")).isEqualTo("1");

		this.redis.clientKill(KillArgs.Builder.typeNormal().skipme());
		this.redis.set("a", "2");

		awaitNear("a", "2");
		assertThat(count("drops")).isEqualTo(1);
		this.redis.set("a", "3");
		awaitNear("a", "3");
		long asked = calls("get");
		assertThat(near("a")).isEqualTo("3");
		assertThat(calls("get")).isEqualTo(asked);
	}

	@Test
	void forgetsEverythingWhenRedisIsFlushed() {
		this.redis.set("a", "1");
		assertThat(near("a")).isEqualTo("1");

		this.redis.flushall();

		awaitNear("a", "-");
		this.redis.set("a", "2");
		awaitNear("a", "2");
	}

	@Test
	void remembersNothingOfARedisThatWentAwayAndAsksTheOneThatCameBack() {
		this.redis.set("a", "1");
		assertThat(near("a")).isEqualTo("1");

		this.server.kill();

		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThatExceptionOfType(DataAccessResourceFailureException.class)
				.isThrownBy(() -> near("a")));
		this.server.start();
		this.redis.set("a", "2");
		await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> assertThat(near("a")).isEqualTo("2"));
	}

	@Test
	void staysWithinItsBoundAndAnswersRightlyAllTheSame() {
		close();
		open(new RedisStandaloneConfiguration("127.0.0.1", this.server.port()), 20_000);
		for (int i = 0; i < 500; i++) {
			this.redis.set("k" + i, "v" + i);
		}
		for (int round = 0; round < 3; round++) {
			for (int i = 0; i < 500; i++) {
				assertThat(near("k" + i)).isEqualTo("v" + i);
			}
			assertThat(this.meters.get("sitestream.projection.near_cache.bytes").gauge().value()).isBetween(1.0,
					20_000.0);
		}
	}

	@Test
	void readsWithoutMemoryWhereTheUserMayNotTrack(CapturedOutput output) {
		this.redis.aclSetuser("blind",
				AclSetuserArgs.Builder.on()
					.nopass()
					.allKeys()
					.addCommand(CommandType.GET)
					.addCommand(CommandType.HELLO)
					.addCommand(CommandType.PING));
		RedisStandaloneConfiguration blind = new RedisStandaloneConfiguration("127.0.0.1", this.server.port());
		blind.setUsername("blind");
		blind.setPassword("any");
		close();
		open(blind, 1_000_000);
		this.redis.set("a", "1");
		assertThat(near("a")).isEqualTo("1");

		this.redis.set("a", "2");

		assertThat(near("a")).isEqualTo("2");
		this.redis.clientKill(KillArgs.Builder.typeNormal().skipme());
		awaitNear("a", "2");
		assertThat(count("hits")).isZero();
		assertThat(output.getOut()).containsOnlyOnce("The near cache is off, Redis does not tell what changes: ");
	}

	@Test
	void readsWithoutMemoryWhenItIsOff() {
		close();
		open(new RedisStandaloneConfiguration("127.0.0.1", this.server.port()), 0);
		this.redis.set("a", "1");
		assertThat(near("a")).isEqualTo("1");

		this.redis.set("a", "2");

		assertThat(near("a")).isEqualTo("2");
	}

	@Test
	void aServerThatHangsHoldsReadersOnlyForSecondsIfAnotherAnswers() throws Exception {
		close();
		try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
			this.connections = new LettuceConnectionFactory("127.0.0.1", this.server.port());
			this.connections.afterPropertiesSet();
			this.connections.start();
			this.sources = new ReadSources(this.connections, null,
					List.of(new Node("127.0.0.1", silent.getLocalPort()), new Node("127.0.0.1", this.server.port())),
					Optional.of(ReadFrom.REPLICA_PREFERRED), 1_000_000);
			this.redis.set("a", "1");

			assertThat(assertTimeout(Duration.ofSeconds(30), () -> near("a"))).isEqualTo("1");
			assertThat(assertTimeout(Duration.ofSeconds(30), () -> direct("a"))).isEqualTo("1");
		}
	}

	private void open(RedisStandaloneConfiguration configuration, long maxBytes) {
		this.connections = new LettuceConnectionFactory(configuration);
		this.connections.afterPropertiesSet();
		this.connections.start();
		this.sources = ReadSources.of(this.connections, maxBytes);
		this.meters.clear();
		this.sources.register(this.meters);
	}

	private void close() {
		this.sources.close();
		this.connections.destroy();
	}

	private void awaitNear(String key, String value) {
		await().atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(1))
			.untilAsserted(() -> assertThat(near(key)).isEqualTo(value));
	}

	private String near(String key) {
		return text(this.sources.near().ask(Question.value(key.getBytes(UTF_8)))).stream().findFirst().orElse("-");
	}

	private String direct(String key) {
		return text(this.sources.primary().ask(Question.value(key.getBytes(UTF_8)))).stream().findFirst().orElse("-");
	}

	private List<String> page(String after, int limit) {
		return text(this.sources.near().ask(Question.members("tag".getBytes(UTF_8), after, limit)));
	}

	private static List<String> text(List<byte[]> answer) {
		return answer.stream().map((value) -> new String(value, UTF_8)).toList();
	}

	private double count(String name) {
		return this.meters.get("sitestream.projection.near_cache." + name).functionCounter().count();
	}

	private long calls(String command) {
		return this.redis.info("commandstats")
			.lines()
			.filter((line) -> line.startsWith("cmdstat_" + command + ":calls="))
			.mapToLong((line) -> Long.parseLong(line.replaceAll(".*:calls=(\\d+),.*", "$1")))
			.sum();
	}

}
