package io.sitestream.projection;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.sitestream.TestServers;
import io.sitestream.platform.ConsistencyToken;
import io.sitestream.platform.Consumed;
import io.sitestream.platform.Position;
import io.sitestream.platform.ProblemException;
import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.RedisKeySpace;
import io.sitestream.platform.Topic;
import io.sitestream.projection.reading.ReadSources;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The engine against a model, with a second projection that is nobody's product: notes
 * and their tags.
 */
class ProjectionIntegrationTests {

	private static final Topic<Note> NOTES = Topic.compacted("notes", Note.class, 1);

	private final RedisKeySpace space = new RedisKeySpace("p" + UUID.randomUUID().toString().substring(0, 8) + ":");

	private final RecordFormat format = new RecordFormat();

	private LettuceConnectionFactory connections;

	private ReadSources sources;

	private ProjectionReader reader;

	@BeforeEach
	void connect() {
		this.connections = new LettuceConnectionFactory("127.0.0.1", TestServers.redis().port());
		this.connections.afterPropertiesSet();
		this.connections.start();
		this.sources = ReadSources.of(this.connections, 0);
		this.reader = new ProjectionReader("notes", 1, this.sources, this.space, Clock.systemUTC());
	}

	@AfterEach
	void disconnect() {
		this.reader.close();
		this.sources.close();
		this.connections.destroy();
	}

	@Test
	void findsViewsByKeyAndByIndexKey() {
		writer(new RedisAccess(this.connections))
			.on(List.of(put("a", 1, "red"), put("b", 1, "red", "blue"), put("a", 2, "blue")));

		assertThat(tags("a")).containsExactly("blue");
		assertThat(keys("red")).containsExactly("b");
		assertThat(keys("blue")).containsExactly("a", "b");
	}

	@Test
	void changesNothingForAnOlderOrRepeatedRecord() {
		ProjectionWriter<Note> writer = writer(new RedisAccess(this.connections));
		writer.on(List.of(put("a", 3, "red")));

		writer.on(List.of(put("a", 3, "blue")));
		writer.on(List.of(put("a", 2, "green")));
		writer.on(List.of(remove("a", 2L)));
		writer.on(List.of(put("a", 0, "white")));

		assertThat(tags("a")).containsExactly("red");
		assertThat(keys("red")).containsExactly("a");
		assertThat(keys("blue")).isEmpty();
		assertThat(keys("green")).isEmpty();
	}

	@Test
	void leavesAMarkerSoThatAnOldRecordCannotBringARemovedViewBack() {
		ProjectionWriter<Note> writer = writer(new RedisAccess(this.connections));
		writer.on(List.of(put("a", 1, "red")));
		writer.on(List.of(remove("a", 2L)));

		writer.on(List.of(put("a", 1, "red")));

		assertThat(this.reader.find("a")).isEmpty();
		assertThat(keys("red")).isEmpty();
		writer.on(List.of(put("a", 3, "red")));
		assertThat(keys("red")).containsExactly("a");
	}

	@Test
	void removesWhateverIsThereForATombstoneWithoutVersion() {
		ProjectionWriter<Note> writer = writer(new RedisAccess(this.connections));
		writer.on(List.of(put("a", 7, "red"), put("b", 1, "red")));

		writer.on(List.of(remove("a", null), remove("unknown", null)));

		assertThat(this.reader.find("a")).isEmpty();
		assertThat(keys("red")).containsExactly("b");
	}

	@Test
	void wakesWhoWaitsForAWriteAndTellsWhoWaitedInVain() throws Exception {
		ProjectionWriter<Note> writer = writer(new RedisAccess(this.connections));
		List<ConsistencyToken> tokens = List.of(new ConsistencyToken("notes", "a", 2, Instant.now()));
		assertThatExceptionOfType(ProblemException.class)
			.isThrownBy(() -> this.reader.read(tokens, Duration.ofMillis(300), (reading) -> reading.find("a")))
			.satisfies((ex) -> assertThat(ex.problem().type()).endsWith(":projection-behind"))
			.satisfies((ex) -> assertThat(ex.getHeaders().getFirst("Retry-After")).isEqualTo("1"));

		try (ExecutorService waiting = Executors.newSingleThreadExecutor()) {
			Future<?> waiter = waiting
				.submit(() -> this.reader.read(tokens, Duration.ofSeconds(60), (reading) -> reading.find("a")));
			writer.on(List.of(put("a", 1, "red")));
			assertThat(waiter.isDone()).isFalse();
			writer.on(List.of(put("a", 3, "red")));
			waiter.get(60, TimeUnit.SECONDS);
		}
		assertThat(this.reader.find("a").orElseThrow().version()).isEqualTo(3);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4, 5 })
	void isWholeAgainAfterAWriterStoppedAtAnyStep(int step) {
		RedisAccess redis = new RedisAccess(this.connections);
		writer(redis).on(List.of(put("a", 1, "red", "blue")));
		AtomicInteger passes = new AtomicInteger();
		RedisAccess stopping = new RedisAccess(this.connections) {
			@Override
			<R> List<R> pipelined(
					Function<RedisClusterAsyncCommands<byte[], byte[]>, ? extends List<? extends Future<R>>> commands) {
				if (passes.incrementAndGet() > step) {
					throw new DataAccessResourceFailureException("stopped");
				}
				return super.pipelined(commands);
			}
		};
		List<Consumed<Note>> batch = List.of(put("a", 2, "green"), put("b", 1, "blue"));
		assertThatThrownBy(() -> writer(stopping).on(batch)).hasMessage("stopped");

		writer(redis).on(List.of(put("a", 3, "red")));
		writer(redis).on(batch);

		assertThat(tags("a")).containsExactly("red");
		assertThat(keys("red")).containsExactly("a");
		assertThat(keys("green")).isEmpty();
		assertThat(keys("blue")).containsExactly("b");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4, 5, 6 })
	void putsEntriesRightWhenANewerViewIsWrittenInBetween(int step) {
		RedisAccess redis = new RedisAccess(this.connections);

		writer(interruptedAfter(step, () -> writer(redis).on(List.of(put("a", 2, "blue")))))
			.on(List.of(put("a", 1, "red")));

		assertThat(tags("a")).containsExactly("blue");
		assertThat(keys("red")).isEmpty();
		assertThat(keys("blue")).containsExactly("a");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4, 5, 6 })
	void putsEntriesRightWhenAnOlderViewIsWrittenInBetween(int step) {
		RedisAccess redis = new RedisAccess(this.connections);
		writer(redis).on(List.of(put("a", 1, "red")));

		writer(interruptedAfter(step, () -> writer(redis).on(List.of(put("a", 2, "blue")))))
			.on(List.of(put("a", 3, "green")));

		assertThat(tags("a")).containsExactly("green");
		assertThat(keys("red")).isEmpty();
		assertThat(keys("blue")).isEmpty();
		assertThat(keys("green")).containsExactly("a");
	}

	private RedisAccess interruptedAfter(int step, Runnable interruption) {
		AtomicInteger passes = new AtomicInteger();
		return new RedisAccess(this.connections) {
			@Override
			<R> List<R> pipelined(
					Function<RedisClusterAsyncCommands<byte[], byte[]>, ? extends List<? extends Future<R>>> commands) {
				List<R> answers = super.pipelined(commands);
				if (passes.incrementAndGet() == step) {
					interruption.run();
				}
				return answers;
			}
		};
	}

	@Test
	void agreesInBothDirectionsWhateverComesLateOrTwiceOrIsInterrupted() {
		for (long seed = 1; seed <= Long.getLong("sitestream.test.seeds", 12); seed++) {
			agrees(new Random(seed), "s" + seed + "-");
		}
	}

	private void agrees(Random random, String prefix) {
		List<List<Consumed<Note>>> histories = IntStream.range(0, 6)
			.mapToObj((i) -> history(random, prefix + i))
			.toList();
		RedisAccess redis = new RedisAccess(this.connections);
		AtomicInteger fuse = new AtomicInteger(Integer.MAX_VALUE);
		ProjectionWriter<Note> interrupted = writer(new RedisAccess(this.connections) {
			@Override
			<R> List<R> pipelined(
					Function<RedisClusterAsyncCommands<byte[], byte[]>, ? extends List<? extends Future<R>>> commands) {
				if (fuse.decrementAndGet() < 0) {
					throw new DataAccessResourceFailureException("stopped");
				}
				return super.pipelined(commands);
			}
		});
		for (int i = 0; i < 60; i++) {
			List<Consumed<Note>> batch = someOf(random, histories);
			fuse.set(random.nextBoolean() ? random.nextInt(6) : Integer.MAX_VALUE);
			try {
				interrupted.on(batch);
			}
			catch (DataAccessResourceFailureException ex) {
				assertThat(ex).hasMessage("stopped");
			}
		}

		ProjectionWriter<Note> last = writer(redis);
		histories.forEach(last::on);
		assertAgreement(prefix, histories);
	}

	@Test
	void agreesInBothDirectionsWhenSeveralWritersRaceOnTheSameKeys() throws Exception {
		for (long seed = 1; seed <= Long.getLong("sitestream.test.seeds", 12); seed++) {
			String prefix = "race" + seed + "-";
			Random random = new Random(seed);
			List<List<Consumed<Note>>> histories = IntStream.range(0, 4)
				.mapToObj((i) -> history(random, prefix + i))
				.toList();
			try (ExecutorService writers = Executors.newFixedThreadPool(4)) {
				List<Future<?>> racing = new ArrayList<>();
				for (int i = 0; i < 4; i++) {
					Random own = new Random(seed * 31 + i);
					racing.add(writers.submit(() -> deliver(own, histories)));
				}
				for (Future<?> racer : racing) {
					racer.get(60, TimeUnit.SECONDS);
				}
			}
			assertAgreement(prefix, histories);
		}
	}

	/** Delivers all histories in order, a few records of each in a poll. */
	private void deliver(Random random, List<List<Consumed<Note>>> histories) {
		ProjectionWriter<Note> writer = writer(new RedisAccess(this.connections));
		int[] next = new int[histories.size()];
		while (IntStream.range(0, next.length).anyMatch((i) -> next[i] < histories.get(i).size())) {
			List<Consumed<Note>> poll = new ArrayList<>();
			for (int i = 0; i < next.length; i++) {
				int end = Math.min(histories.get(i).size(), next[i] + random.nextInt(3));
				poll.addAll(histories.get(i).subList(next[i], end));
				next[i] = end;
			}
			writer.on(poll);
		}
	}

	private void assertAgreement(String prefix, List<List<Consumed<Note>>> histories) {
		Map<String, Set<String>> byTag = new TreeMap<>();
		for (List<Consumed<Note>> history : histories) {
			Consumed<Note> newest = history.getLast();
			Note note = newest.value();
			if (note == null) {
				assertThat(this.reader.find(newest.key())).isEmpty();
			}
			else {
				assertThat(tags(newest.key())).isEqualTo(note.tags());
				note.tags().forEach((tag) -> byTag.computeIfAbsent(tag, (key) -> new TreeSet<>()).add(newest.key()));
			}
		}
		for (String tag : List.of("red", "green", "blue", "white")) {
			assertThat(keys(tag).stream().filter((key) -> key.startsWith(prefix))).as(prefix + tag)
				.containsExactlyElementsOf(byTag.getOrDefault(tag, Set.of()));
		}
	}

	private static List<Consumed<Note>> history(Random random, String key) {
		List<Consumed<Note>> history = new ArrayList<>();
		for (long version = 1; version <= 8; version++) {
			history.add((random.nextInt(5) == 0) ? remove(key, version)
					: put(key, version,
							List.of("red", "green", "blue", "white")
								.stream()
								.filter((tag) -> random.nextBoolean())
								.toArray(String[]::new)));
		}
		return history;
	}

	/**
	 * Records of some keys, those of one key in order, from anywhere in their histories.
	 */
	private static List<Consumed<Note>> someOf(Random random, List<List<Consumed<Note>>> histories) {
		Map<String, List<Consumed<Note>>> some = new LinkedHashMap<>();
		for (List<Consumed<Note>> history : histories) {
			if (random.nextBoolean()) {
				int from = random.nextInt(history.size());
				some.put(history.getFirst().key(),
						history.subList(from, from + 1 + random.nextInt(history.size() - from)));
			}
		}
		return some.values().stream().flatMap(List::stream).toList();
	}

	private ProjectionWriter<Note> writer(RedisAccess redis) {
		NotesProjection projection = new NotesProjection(this.format);
		Generations generations = generations(redis);
		return new ProjectionWriter<>(projection, redis, generations, new Founding(projection, generations, () -> false,
				() -> UUID.randomUUID().toString(), Clock.systemUTC()), Clock.systemUTC());
	}

	private Generations generations(RedisAccess redis) {
		return new Generations(redis, this.space, this.format);
	}

	private List<String> tags(String key) {
		return this.format.read(this.reader.find(key).orElseThrow().body(), Note.class).tags();
	}

	private List<String> keys(String tag) {
		return this.reader.read((reading) -> reading.page("tag/" + tag, "", 1_000)).keys();
	}

	private static Consumed<Note> put(String key, long version, String... tags) {
		return new Consumed<>(NOTES, key, new Note(version, List.of(tags)), Map.of(), new Position("notes", 0, 0),
				Instant.EPOCH);
	}

	private static Consumed<Note> remove(String key, @Nullable Long version) {
		return new Consumed<>(NOTES, key, null, (version != null) ? Map.of("version", version.toString()) : Map.of(),
				new Position("notes", 0, 0), Instant.EPOCH);
	}

	record Note(long version, List<String> tags) {

	}

	private record NotesProjection(RecordFormat json) implements Projection<Note> {

		@Override
		public String name() {
			return "notes";
		}

		@Override
		public Topic<Note> topic() {
			return NOTES;
		}

		@Override
		public long version(Note note) {
			return note.version();
		}

		@Override
		public @Nullable Long tombstoneVersion(Map<String, String> headers) {
			String version = headers.get("version");
			return (version != null) ? Long.valueOf(version) : null;
		}

		@Override
		public byte[] view(Note note) {
			return this.json.write(note);
		}

		@Override
		public Set<String> indexKeys(byte[] view) {
			Set<String> keys = new TreeSet<>();
			this.json.read(view, Note.class).tags().forEach((tag) -> keys.add("tag/" + tag));
			return keys;
		}

	}

}
