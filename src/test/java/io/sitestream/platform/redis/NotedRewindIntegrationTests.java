package io.sitestream.platform.redis;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.sitestream.TestServers;
import io.sitestream.platform.PartitionLog;
import io.sitestream.servers.LocalRedis;
import io.sitestream.servers.LocalRedisCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class NotedRewindIntegrationTests {

	private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

	private static final Duration A_DAY = Duration.ofDays(1);

	private final String key = "rewind:" + UUID.randomUUID();

	private LettuceConnectionFactory connections;

	private RedisClient client;

	private StatefulRedisConnection<String, String> admin;

	@BeforeEach
	void connect() {
		this.connections = new LettuceConnectionFactory("127.0.0.1", TestServers.redis().port());
		this.connections.afterPropertiesSet();
		this.connections.start();
		this.client = RedisClient.create("redis://127.0.0.1:" + TestServers.redis().port());
		this.admin = this.client.connect();
	}

	@AfterEach
	void disconnect() {
		this.client.shutdown();
		this.connections.destroy();
	}

	@Test
	void goesNowhereAsLongAsThePrimaryStaysTheSame() {
		rewind().assigned(new Partition(0));
		NotedRewind first = rewind();
		first.assigned(new Partition(0));
		first.reached(new Partition(100), Map.of(0, 100L));
		first.failed(new Partition(100));

		assertThat(note()).endsWith(" 100");
		assertThat(rewind().assigned(new Partition(100))).isEmpty();
	}

	@Test
	void goesBackToWhatAnotherPrimaryRemembers() {
		remember("another 70");

		NotedRewind rewind = rewind();
		assertThat(rewind.assigned(new Partition(200))).containsExactly(Map.entry(0, 70L));
		assertThat(rewind.terms("t", 0).primaries()).isEqualTo(runId());
		assertThat(rewind.terms("t", 0).repeatedBelow()).isEqualTo(200);
		assertThat(rewind.terms("t", 0).exact()).isTrue();
	}

	@Test
	void goesBackByTimeWhereThatIsFurther() {
		remember("another 150");

		assertThat(rewind().assigned(new Partition(200))).containsExactly(Map.entry(0, 90L));
	}

	@Test
	void goesBackFurtherWhenNothingIsRemembered() {
		NotedRewind rewind = rewind();

		assertThat(rewind.assigned(new Partition(200))).containsExactly(Map.entry(0, 30L));
		assertThat(rewind.terms("t", 0).exact()).isFalse();
	}

	@Test
	void neverGoesBackBehindTheBeginningOfTheLog() {
		remember("another 2");

		NotedRewind rewind = rewind();
		assertThat(rewind.assigned(new Partition(200))).containsExactly(Map.entry(0, 10L));
		assertThat(rewind.terms("t", 0).exact()).isFalse();
	}

	@Test
	void goesBackAgainWhenTheProcessThatRepeatsIsReplaced() {
		remember("another 70");
		NotedRewind first = rewind();
		first.assigned(new Partition(200));
		first.reached(new Partition(130), Map.of(0, 130L));
		first.failed(new Partition(130));

		NotedRewind second = rewind();
		assertThat(second.assigned(new Partition(130))).containsExactly(Map.entry(0, 70L));
	}

	@Test
	void isThroughWhenEverythingWasRepeated() {
		remember("another 70");
		NotedRewind rewind = rewind();
		rewind.assigned(new Partition(200));
		rewind.reached(new Partition(200), Map.of(0, 200L));
		rewind.failed(new Partition(200));

		assertThat(note()).isEqualTo(runId() + " 200");
		assertThat(rewind.terms("t", 0).repeatedBelow()).isZero();
		assertThat(rewind().assigned(new Partition(200))).isEmpty();
	}

	@Test
	void noticesThatARunningRedisWasEmptied() {
		NotedRewind rewind = rewind();
		rewind.assigned(new Partition(0));
		rewind.reached(new Partition(200), Map.of(0, 200L));
		this.admin.sync().del(this.key);

		assertThat(rewind.failed(new Partition(200))).containsExactly(Map.entry(0, 30L));
	}

	@Test
	void knowsNoPrimaryWhileRedisIsAway() {
		LettuceConnectionFactory nowhere = new LettuceConnectionFactory("127.0.0.1", 1);
		nowhere.afterPropertiesSet();
		nowhere.start();
		NotedRewind rewind = new NotedRewind("f", new RewindNotes(nowhere, this.key), TEN_MINUTES, A_DAY,
				Clock.systemUTC());

		assertThat(rewind.assigned(new Partition(200))).isEmpty();
		assertThat(rewind.terms("t", 0).primaries()).isEmpty();
		nowhere.destroy();
	}

	@Test
	void goesBackWhenAnyPrimaryOfAClusterIsAnotherOne() {
		List<LocalRedis> nodes = Stream.generate(() -> TestServers.separateRedis("--cluster-enabled", "yes"))
			.limit(3)
			.toList();
		try (LocalRedisCluster cluster = new LocalRedisCluster(nodes)) {
			LettuceConnectionFactory all = new LettuceConnectionFactory(
					new RedisClusterConfiguration(List.of(cluster.addresses().split(","))));
			all.afterPropertiesSet();
			all.start();
			RewindNotes notes = new RewindNotes(all, this.key);
			NotedRewind rewind = new NotedRewind("f", notes, TEN_MINUTES, A_DAY, Clock.systemUTC());
			rewind.assigned(new Partition(0));
			rewind.reached(new Partition(200), Map.of(0, 200L));
			assertThat(rewind.failed(new Partition(200))).isEmpty();
			assertThat(rewind.terms("t", 0).primaries().split(",")).hasSize(3).doesNotHaveDuplicates();
			String before = rewind.terms("t", 0).primaries();
			for (LocalRedis node : nodes) {
				node.restartWith(node.contents());
				await().atMost(Duration.ofSeconds(60))
					.untilAsserted(() -> assertThat(rewind.failed(new Partition(200))).containsEntry(0, 90L));
				rewind.reached(new Partition(200), Map.of(0, 200L));
				rewind.failed(new Partition(200));
			}

			assertThat(rewind.terms("t", 0).primaries().split(",")).hasSize(3).doesNotContain(before.split(","));
			assertThat(rewind.terms("t", 0).exact()).isFalse();
			all.destroy();
		}
	}

	private NotedRewind rewind() {
		return new NotedRewind("f", new RewindNotes(this.connections, this.key), TEN_MINUTES, A_DAY, Clock.systemUTC());
	}

	private void remember(String note) {
		this.admin.sync().hset(this.key, "t:0", note);
	}

	private String note() {
		return this.admin.sync().hget(this.key, "t:0");
	}

	private String runId() {
		return this.admin.sync()
			.info("server")
			.lines()
			.filter((line) -> line.startsWith("run_id:"))
			.findFirst()
			.orElseThrow()
			.substring("run_id:".length());
	}

	/**
	 * Offsets 10 to 200, of which those from 90 are younger than ten minutes and those
	 * from 30 younger than a day.
	 *
	 * @param committed where the consumer stands
	 */
	private record Partition(long committed) implements PartitionLog {

		@Override
		public String topic() {
			return "t";
		}

		@Override
		public Set<Integer> partitions() {
			return Set.of(0);
		}

		@Override
		public long beginningOffset(int partition) {
			return 10;
		}

		@Override
		public long endOffset(int partition) {
			return 200;
		}

		@Override
		public long offsetSince(int partition, Instant time) {
			return time.isBefore(Instant.now().minus(Duration.ofHours(1))) ? 30 : 90;
		}

		@Override
		public long position(int partition) {
			return this.committed;
		}

		@Override
		public void seek(int partition, long offset) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void seek(int partition, long offset, int leaderEpoch) {
			throw new UnsupportedOperationException();
		}

	}

}
