package io.sitestream.projection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;

import io.sitestream.TestServers;
import io.sitestream.appswriter.InstalledApps;
import io.sitestream.platform.ConsistencyToken;
import io.sitestream.platform.ProblemException;
import io.sitestream.platform.RedisKeySpace;
import io.sitestream.projection.reading.ReadSources;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What a reader with a near cache promises: a read with a token is never older than the
 * write that issued it, and one without follows every change and every switch.
 */
class ReadYourWritesIntegrationTests {

	private static final int SITES = 8;

	private static final int APPS = 4;

	private final RedisKeySpace space = new RedisKeySpace("r" + UUID.randomUUID().toString().substring(0, 8) + ":");

	private LettuceConnectionFactory connections;

	private AppsStore store;

	@BeforeEach
	void open() {
		this.connections = new LettuceConnectionFactory("127.0.0.1", TestServers.redis().port());
		this.connections.afterPropertiesSet();
		this.connections.start();
		this.store = new AppsStore(this.connections, ReadSources.of(this.connections, 1_000_000), this.space);
	}

	@AfterEach
	void close() {
		this.store.close();
		this.connections.destroy();
	}

	@Test
	void aReadWithATokenIsNeverOlderThanItsWrite() throws Exception {
		this.store.put("first", 1);
		AtomicLongArray written = new AtomicLongArray(SITES);
		AtomicBoolean done = new AtomicBoolean();
		try (ExecutorService pool = Executors.newFixedThreadPool(7)) {
			List<Future<?>> writers = new ArrayList<>();
			List<Future<?>> readers = new ArrayList<>();
			for (int thread = 0; thread < 4; thread++) {
				int own = thread;
				writers.add(pool.submit(() -> writeAndRead(own, written)));
			}
			for (int thread = 0; thread < 3; thread++) {
				int own = thread;
				readers.add(pool.submit(() -> readWhatOthersWrote(own, written, done)));
			}
			try {
				for (Future<?> writer : writers) {
					writer.get(120, TimeUnit.SECONDS);
				}
			}
			finally {
				done.set(true);
			}
			for (Future<?> reader : readers) {
				reader.get(60, TimeUnit.SECONDS);
			}
		}
	}

	private void writeAndRead(int thread, AtomicLongArray written) {
		Random random = new Random(thread);
		for (int round = 0; round < 120; round++) {
			int site = thread * 2 + random.nextInt(2);
			long version = written.get(site) + 1;
			String app = "app" + random.nextInt(APPS);
			boolean removed = random.nextInt(6) == 0;
			ConsistencyToken token = removed ? this.store.remove("s" + site, version)
					: this.store.put("s" + site, version, app);
			written.set(site, version);

			for (int other = 0; other < APPS; other++) {
				boolean there = !removed && app.equals("app" + other);
				assertThat(this.store.sitesWith(List.of(token), "app" + other).contains("s" + site))
					.as("s%d version %d in app%d", site, version, other)
					.isEqualTo(there);
			}
			assertThat(found(List.of(token), "s" + site)).isEqualTo(removed ? 0 : version);
		}
	}

	/** Keeps the near cache warm with reads without tokens, between reads with them. */
	private void readWhatOthersWrote(int thread, AtomicLongArray written, AtomicBoolean done) {
		Random random = new Random(100 + thread);
		while (!done.get()) {
			int site = random.nextInt(SITES);
			long version = written.get(site);
			found(List.of(), "s" + site);
			this.store.sitesWith(List.of(), "app" + random.nextInt(APPS));
			if (version > 0) {
				long seen = found(List.of(AppsStore.token("s" + site, version)), "s" + site);
				assertThat(seen == 0 || seen >= version).as("s%d shows %d after %d", site, seen, version).isTrue();
			}
		}
	}

	private long found(List<ConsistencyToken> tokens, String siteId) {
		return this.store.reader()
			.read(tokens, Duration.ofSeconds(60), (reading) -> reading.find(siteId))
			.map(StoredView::version)
			.orElse(0L);
	}

	@Test
	void aTokenCountsForEveryQuestionOfARead() {
		this.store.put("a", 1, "x");
		List<ConsistencyToken> ahead = List.of(AppsStore.token("a", 2));

		assertThatExceptionOfType(ProblemException.class)
			.isThrownBy(() -> this.store.reader().read(ahead, Duration.ofMillis(300), (reading) -> reading.find("b")))
			.withMessageContaining("'a' does not show version 2 yet, after a wait of 300 ms");
	}

	@Test
	void aSwitchOfGenerationsIsSeenAtOnceAndByTheWholeRead() {
		this.store.put("a", 1, "x");
		assertThat(found(List.of(), "a")).isEqualTo(1);
		RedisAccess redis = new RedisAccess(this.connections);
		ProjectionKeys next = new ProjectionKeys(this.space, InstalledApps.PROJECTION, 2);
		redis.one((commands) -> commands.set(next.view("a"),
				new StoredView(5, StoredView.UNKNOWN, "{}".getBytes(UTF_8)).encode()));
		redis.one((commands) -> commands.zadd(next.members("app/y"), 0, "a".getBytes(UTF_8)));
		assertThat(found(List.of(), "a")).isEqualTo(1);

		redis.one((commands) -> commands.set(ProjectionKeys.pointer(this.space, InstalledApps.PROJECTION),
				"2".getBytes(UTF_8)));

		assertThat(found(List.of(AppsStore.token("a", 5)), "a")).isEqualTo(5);
		await().atMost(Duration.ofSeconds(60)).until(() -> found(List.of(), "a") == 5);
		assertThat(this.store.sitesWith(List.of(), "x")).isEmpty();
		assertThat(this.store.sitesWith(List.of(), "y")).containsExactly("a");
	}

	@Test
	void aReadThatMetASwitchIsMadeAnewFromTheOtherGeneration() {
		this.store.put("a", 1, "x");
		this.store.put("b", 1, "x");
		RedisAccess redis = new RedisAccess(this.connections);
		ProjectionKeys next = new ProjectionKeys(this.space, InstalledApps.PROJECTION, 2);
		redis.one((commands) -> commands.set(next.view("b"),
				new StoredView(7, StoredView.UNKNOWN, "{}".getBytes(UTF_8)).encode()));
		redis.one((commands) -> commands.zadd(next.members("app/x"), 0, "b".getBytes(UTF_8)));
		AtomicBoolean switched = new AtomicBoolean();

		List<Long> versions = this.store.reader()
			.read(List.of(AppsStore.token("b", 1)), Duration.ofSeconds(60), (reading) -> {
				List<String> sites = reading.page(InstalledApps.byApp("x"), "", 10).keys();
				if (switched.compareAndSet(false, true)) {
					redis.one((commands) -> commands.set(ProjectionKeys.pointer(this.space, InstalledApps.PROJECTION),
							"2".getBytes(UTF_8)));
				}
				return reading.findAll(sites).values().stream().map(StoredView::version).toList();
			});

		assertThat(versions).containsExactly(7L);
	}

	@Test
	void whileNoGenerationServesAReaderSaysSo() {
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> this.store.reader().find("a"))
			.satisfies((ex) -> assertThat(ex.problem().type()).endsWith(":projection-behind"))
			.satisfies((ex) -> assertThat(ex.getHeaders().getFirst("Retry-After")).isEqualTo("5"))
			.withMessageContaining(
					"Projection 'installed-apps' has no generation that serves: its store is being filled, or no writer has run yet. Try again.");

		this.store.put("a", 1, "x");

		await().atMost(Duration.ofSeconds(60))
			.ignoreExceptions()
			.until(() -> this.store.reader().find("a").isPresent());
	}

}
