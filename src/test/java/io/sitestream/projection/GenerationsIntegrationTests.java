package io.sitestream.projection;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import io.sitestream.platform.Consumed;
import io.sitestream.projection.TaggedProjection.Tagged;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.dao.DataAccessResourceFailureException;

import static io.sitestream.projection.ThingSpace.NAME;
import static io.sitestream.projection.ThingSpace.put;
import static io.sitestream.projection.ThingSpace.remove;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Several generations of a projection in Redis, and what writers owe to each of them.
 */
class GenerationsIntegrationTests {

	private static final List<String> TAGS = List.of("red", "green", "blue");

	private final ThingSpace things = new ThingSpace();

	@AfterEach
	void disconnect() {
		this.things.close();
	}

	@Test
	void finishesWhatAKilledWriterHasBegunThoughItsRecordWasCompactedAway() {
		this.things.writer().on(List.of(put("a", 1, "red")));
		// look, read, intend, entries: killed before the view
		ProjectionWriter<Tagged> killed = this.things.writer(1, this.things.watched(stopAfter(4)));
		assertThatThrownBy(() -> killed.on(List.of(put("a", 2, "red", "blue")))).hasMessage("stopped");
		assertThat(this.things.members(this.things.serving(), "tag/blue")).containsExactly("a");

		this.things.writer().on(List.of(put("a", 3, "green")));

		assertThat(this.things.members(this.things.serving(), "tag/blue")).isEmpty();
		assertThat(this.things.members(this.things.serving(), "tag/red")).isEmpty();
		assertThat(this.things.members(this.things.serving(), "tag/green")).containsExactly("a");
		assertThat(intents("a")).isZero();
	}

	@Test
	void sweepsWhatAKilledWriterHasLeftThoughItsKeyIsNeverWrittenAgain() {
		ProjectionWriter<Tagged> killed = this.things.writer(1, this.things.watched(stopAfter(4)));
		assertThatThrownBy(() -> killed.on(List.of(put("a", 1, "blue")))).hasMessage("stopped");
		// a newer writer that read before the intent was there, as far as Redis can tell
		this.things.redis.one((redis) -> redis.set(this.things.serving().view("a"),
				new StoredView(2, StoredView.UNKNOWN, new TaggedProjection(1).view(new Tagged(2, List.of("red"))))
					.encode()));
		Housekeeping housekeeping = new Housekeeping(new Formats<>(new TaggedProjection(1)), this.things.generations,
				this.things.redis, this.things.clock);

		housekeeping.sweepNow(this.things.catalogue());

		assertThat(this.things.members(this.things.serving(), "tag/blue")).isEmpty();
		assertThat(intents("a")).isZero();
	}

	@Test
	void keepsTheIntentOfANewerVersionThatIsStillBeingWritten() {
		this.things.writer().on(List.of(put("a", 1, "red")));
		ProjectionWriter<Tagged> slow = this.things.writer(1, this.things.watched((pass) -> {
			if (pass == 4) {
				this.things.writer().on(List.of(put("a", 2, "green")));
				throw new DataAccessResourceFailureException("stopped");
			}
		}));
		assertThatThrownBy(() -> slow.on(List.of(put("a", 3, "blue")))).hasMessage("stopped");
		assertThat(intents("a")).isOne();

		this.things.writer().on(List.of(put("a", 4, "green")));

		assertThat(this.things.members(this.things.serving(), "tag/blue")).isEmpty();
		assertThat(intents("a")).isZero();
	}

	@Test
	void sweepsAbsencesAfterADay() {
		this.things.writer().on(List.of(put("a", 1, "red"), put("b", 1, "red")));
		this.things.writer().on(List.of(put("a", 2, "blue")));
		Housekeeping now = new Housekeeping(new Formats<>(new TaggedProjection(1)), this.things.generations,
				this.things.redis, this.things.clock);
		Housekeeping later = new Housekeeping(new Formats<>(new TaggedProjection(1)), this.things.generations,
				this.things.redis, Clock.offset(this.things.clock, Duration.ofHours(25)));

		now.sweepNow(this.things.catalogue());
		assertThat(entries("tag/red")).isEqualTo(2);
		later.sweepNow(this.things.catalogue());

		assertThat(entries("tag/red")).isEqualTo(1);
		assertThat(this.things.members(this.things.serving(), "tag/red")).containsExactly("b");
	}

	@Test
	void sweepsIndexKeysThatAreTooBigToBeGoneThroughAtOnce() {
		IntFunction<Consumed<Tagged>> first = (i) -> put("k" + i, 1, "red");
		this.things.writer().on(IntStream.range(0, 1_200).mapToObj(first).toList());
		this.things.writer().on(IntStream.range(0, 700).mapToObj((i) -> put("k" + i, 2, "blue")).toList());
		Housekeeping later = new Housekeeping(new Formats<>(new TaggedProjection(1)), this.things.generations,
				this.things.redis, Clock.offset(this.things.clock, Duration.ofHours(25)));

		later.sweepNow(this.things.catalogue());

		assertThat(entries("tag/red")).isEqualTo(500);
		assertThat(entries("tag/blue")).isEqualTo(700);
		assertThat(this.things.members(this.things.serving(), "tag/red")).hasSize(500);
	}

	@Test
	void sweepsForTheFirstTimeSoonAfterTheStart() {
		this.things.writer().on(List.of(put("a", 1, "red"), put("b", 1, "red")));
		this.things.writer().on(List.of(put("a", 2, "blue")));
		AtomicReference<Duration> later = new AtomicReference<>(Duration.ofHours(25));
		InstantSource time = () -> Instant.now().plus(later.get());
		Clock clock = time.withZone(ZoneOffset.UTC);
		Housekeeping housekeeping = new Housekeeping(new Formats<>(new TaggedProjection(1)), this.things.generations,
				this.things.redis, clock);

		housekeeping.sweep(this.things.catalogue());
		assertThat(entries("tag/red")).isEqualTo(2);
		later.set(later.get().plusMinutes(6));
		housekeeping.sweep(this.things.catalogue());

		assertThat(entries("tag/red")).isEqualTo(1);
	}

	@Test
	void forgetsADroppedGenerationThoughWhatFollowsFails() {
		this.things.writer().on(List.of(put("a", 1, "red")));
		this.things.rebuild(1);
		this.things.writer().on(List.of(put("a", 2, "red")));
		this.things.generations.change(NAME, (now) -> now.cancel(this.things.clock.instant()));
		Generation dropped = this.things.catalogue().dropped().getFirst();
		Housekeeping later = new Housekeeping(new Formats<>(new TaggedProjection(1)), this.things.generations,
				this.things.redis, Clock.offset(this.things.clock, Duration.ofMinutes(2)));

		assertThatThrownBy(() -> later.remove(this.things.catalogue(), (removed) -> {
			throw new IllegalStateException(removed.id());
		})).hasMessage(dropped.id());

		assertThat(this.things.catalogue().dropped()).isEmpty();
		assertThat(this.things.tags(this.things.keys(dropped), 1, "a")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4, 5 })
	void writesAGenerationThatAppearsInTheMiddleOfAPoll(int step) {
		this.things.writer().on(List.of(put("a", 1, "red")));

		this.things.writer(1, this.things.watched((pass) -> {
			if (pass == step) {
				this.things.rebuild(1);
			}
		})).on(List.of(put("b", 1, "blue")));

		Generation filling = this.things.catalogue().find(GenerationState.FILLING).orElseThrow();
		assertThat(this.things.tags(this.things.keys(filling), 1, "b")).hasValue(Set.of("blue"));
		assertThat(this.things.members(this.things.keys(filling), "tag/blue")).containsExactly("b");
		assertThat(this.things.tags(this.things.serving(), 1, "b")).hasValue(Set.of("blue"));
	}

	@Test
	void writesAnEmptiedRedisAgainThatWasFoundedInTheMiddleOfAPoll() {
		this.things.writer().on(List.of(put("a", 1, "red")));

		this.things.writer(1, this.things.watched((pass) -> {
			if (pass == 5) {
				this.things.hasRun = true;
				empty();
			}
		})).on(List.of(put("b", 1, "blue")));

		Generation filling = this.things.catalogue().find(GenerationState.FILLING).orElseThrow();
		assertThat(this.things.catalogue().find(GenerationState.SERVING)).isEmpty();
		assertThat(this.things.tags(this.things.keys(filling), 1, "b")).hasValue(Set.of("blue"));
		assertThat(this.things.fill(List.of(put("a", 1, "red"))).state()).isEqualTo(GenerationState.SERVING);
	}

	@Test
	void dropsOnceMoreWhatAWriterWhoWokeUpLateHasWritten() {
		ProjectionWriter<Tagged> late = this.things.writer();
		late.on(List.of(put("a", 1, "red")));
		this.things.rebuild(1);
		late.on(List.of(put("a", 2, "red")));
		Generation cancelled = this.things.catalogue().find(GenerationState.FILLING).orElseThrow();
		this.things.generations.change(NAME, (now) -> now.cancel(this.things.clock.instant()).without(cancelled.id()));

		late.on(List.of(put("a", 3, "red")));

		assertThat(this.things.catalogue().dropped()).extracting(Generation::number)
			.containsExactly(cancelled.number());
	}

	@Test
	void leavesAFormatOfTheFutureToItsFillAndSaysHowFarThatHasToGo() {
		this.things.writer().on(List.of(put("a", 1, "red")));
		this.things.rebuild(2);
		this.things.fill(List.of(put("a", 1, "red")));

		this.things.writer().on(List.of(put("a", 7, "blue")));

		Generation newer = this.things.catalogue().find(GenerationState.COMPARING).orElseThrow();
		assertThat(newer.ends()).containsExactly(Map.entry(0, 8L));
		assertThat(this.things.tags(this.things.keys(newer), 2, "a")).hasValue(Set.of("red"));
	}

	@Test
	void comparesWhatTwoFormatsShareAndSwitches() {
		ProjectionWriter<Tagged> writer = this.things.writer(2, this.things.redis);
		this.things.writer().on(List.of(put("a", 1, "red", "blue"), put("b", 1, "blue"), put("gone", 1, "red")));
		writer.on(List.of(remove("gone", 2)));
		assertThat(this.things.catalogue().lacks(2)).isTrue();
		this.things.rebuild(2);
		writer.on(List.of(put("b", 2, "green")));
		this.things.fill(List.of(put("a", 1, "red", "blue"), put("b", 2, "green"), remove("gone", 2)));

		Catalogue after = this.things.compare();

		assertThat(after.find(GenerationState.WAITING)).isEmpty();
		Generation serving = after.find(GenerationState.SERVING).orElseThrow();
		assertThat(serving.format()).isEqualTo(2);
		assertThat(this.things.tags(this.things.serving(), 2, "a")).hasValue(Set.of("blue", "red"));
		assertThat(this.things.members(this.things.serving(), "count/2")).containsExactly("a");
		Generation standby = after.find(GenerationState.STANDBY).orElseThrow();
		writer.on(List.of(put("a", 2, "green")));
		assertThat(this.things.tags(this.things.keys(standby), 1, "a")).hasValue(Set.of("green"));
		assertThat(this.things.members(this.things.keys(standby), "tag/red")).isEmpty();
	}

	@Test
	void namesWhatDiffersInBothDirections() {
		this.things.writer().on(List.of(put("a", 1, "red"), put("b", 1, "red"), put("c", 1, "red")));
		ProjectionKeys before = this.things.serving();
		this.things.rebuild(1);
		Generation next = this.things.fill(List.of(put("a", 1, "red"), put("b", 2, "red"), put("d", 1, "blue")));

		Catalogue after = this.things.compare();

		Generation waiting = after.find(GenerationState.WAITING).orElseThrow();
		assertThat(waiting.id()).isEqualTo(next.id());
		assertThat(waiting.differences()).extracting(Difference::key, Difference::indexKey)
			.containsExactlyInAnyOrder(tuple("b", null), tuple("c", null), tuple("d", null), tuple("b", "tag/red"),
					tuple("c", "tag/red"), tuple("d", "tag/blue"));
		assertThat(waiting.differing()).isEqualTo(6);
		assertThat(this.things.serving()).isEqualTo(before);
	}

	@Test
	void namesAnIndexKeyThatContradictsItselfThoughBothHaveItAlike() {
		List<Consumed<Tagged>> topic = List.of(put("a", 1, "red"), put("b", 1, "red"));
		this.things.writer().on(topic);
		this.things.rebuild(1);
		Generation next = this.things.fill(topic);
		for (ProjectionKeys keys : List.of(this.things.serving(), this.things.keys(next))) {
			this.things.redis.one((redis) -> redis.zrem(keys.members("tag/red"), "b".getBytes()));
		}

		Generation waiting = this.things.compare().find(GenerationState.WAITING).orElseThrow();

		assertThat(waiting.differences()).extracting(Difference::key, Difference::indexKey)
			.containsExactly(tuple("b", "tag/red"));
	}

	@Test
	void aComparisonDoesNotWaitForWritersThatNoteNothing() {
		List<Consumed<Tagged>> topic = List.of(put("a", 1, "red"));
		this.things.writer().on(topic);
		this.things.rebuild(1);
		Generation compared = this.things.fill(topic);
		byte[] notes = ProjectionKeys.notes(this.things.space, NAME);
		try (Lease lease = Lease.of(this.things.redis, ProjectionKeys.lease(this.things.space, NAME, "compare"))
			.orElseThrow()) {
			AtomicInteger asked = new AtomicInteger();
			Barrier barrier = new Barrier(new TaggedProjection(1), compared, this.things.generations, this.things.redis,
					() -> Map.of(0, (long) asked.incrementAndGet()), lease, Duration.ofSeconds(1));

			assertThatNoException().as("nobody notes anything").isThrownBy(barrier::run);

			ProjectionProgress.Note behind = new ProjectionProgress.Note(1, 0, 1, 1);
			this.things.redis.one((redis) -> redis.hset(notes, "0".getBytes(), behind.encode()));
			assertThatNoException().as("somebody has stopped").isThrownBy(barrier::run);
			assertThat(asked).hasValue(2);
		}
	}

	@Test
	void namesAMemberWhoseIndexKeyHasNoEntriesAtAll() {
		List<Consumed<Tagged>> topic = List.of(put("a", 1, "red"));
		this.things.writer().on(topic);
		this.things.rebuild(1);
		Generation next = this.things.fill(topic);
		this.things.redis.one((redis) -> redis.zadd(this.things.serving().members("tag/ghost"), 0, "a".getBytes()));
		for (ProjectionKeys keys : List.of(this.things.serving(), this.things.keys(next))) {
			this.things.redis.one((redis) -> redis.zadd(keys.members("tag/twin"), 0, "a".getBytes()));
		}

		Generation waiting = this.things.compare().find(GenerationState.WAITING).orElseThrow();

		assertThat(waiting.differences()).extracting(Difference::key, Difference::indexKey)
			.containsExactlyInAnyOrder(tuple("a", "tag/ghost"), tuple("a", "tag/twin"));
	}

	/**
	 * More than fit in one bucket, so that big index keys are gone through step by step.
	 */
	@Test
	void comparesBigIndexKeysStepByStep() {
		List<Consumed<Tagged>> many = new ArrayList<>();
		for (int i = 0; i < 2_500; i++) {
			many.add(put("k" + i, 1, "red"));
		}
		this.things.writer().on(many);
		this.things.redis.one((redis) -> redis.zrem(this.things.serving().members("tag/red"), "k7".getBytes()));
		this.things.rebuild(1);
		ProjectionKeys next = this.things.keys(this.things.fill(many));
		this.things.redis.one((redis) -> redis.hset(next.entries("tag/red"), "k9".getBytes(), "2:1".getBytes()));
		this.things.redis.one((redis) -> redis.zadd(next.members("tag/red"), 0, "ghost".getBytes()));
		// an absence is as good as nothing
		this.things.redis.one((redis) -> redis.hset(next.entries("tag/red"), "gone".getBytes(), "1:0:1".getBytes()));

		Generation waiting = this.things.compare().find(GenerationState.WAITING).orElseThrow();

		assertThat(waiting.differences()).containsExactlyInAnyOrder(
				new Difference("k7", "tag/red", "contradiction: version 1, but no member", "version 1"),
				new Difference("k9", "tag/red", "version 1", "version 2"),
				new Difference("ghost", "tag/red", "nothing", "contradiction: a member without an entry"));
	}

	@Test
	void agreesWithTheModelAfterRandomWritesByTwoWritersAndSwitchesOfGenerations() throws Exception {
		long seeds = Boolean.getBoolean("sitestream.test.long") ? 20 : 2;
		for (long seed = 1; seed <= seeds; seed++) {
			agrees(new Random(seed), "s" + seed + "-");
		}
	}

	/**
	 * Two writers apply a topic's records, each starting again from an earlier offset now
	 * and then, and each at its own pace; an operator rebuilds, accepts, cancels and
	 * rolls back meanwhile.
	 */
	private void agrees(Random random, String prefix) throws Exception {
		List<Consumed<Tagged>> topic = topic(random, prefix);
		AtomicInteger polled = new AtomicInteger();
		try (ExecutorService writers = Executors.newFixedThreadPool(2)) {
			List<Future<?>> running = new ArrayList<>();
			for (int i = 0; i < 2; i++) {
				Random own = new Random(random.nextLong());
				running.add(writers.submit(() -> deliver(topic, polled, own)));
			}
			while (running.stream().anyMatch((writer) -> !writer.isDone())) {
				operate(random, topic, polled);
			}
			for (Future<?> writer : running) {
				writer.get(120, TimeUnit.SECONDS);
			}
		}
		operate(random, topic, polled);
		Map<String, Consumed<Tagged>> newest = new LinkedHashMap<>();
		topic.forEach((record) -> newest.put(record.key(), record));
		assertThat(this.things.catalogue().last()).isGreaterThan(2);
		this.things.catalogue().written().forEach((generation) -> assertAgreement(generation, newest, prefix));
	}

	private void operate(Random random, List<Consumed<Tagged>> topic, AtomicInteger polled) {
		if (this.things.generations.catalogue(NAME).isEmpty()) {
			return;
		}
		this.things.rebuild(1);
		// the fill's is what was polled by anybody before the generation could be seen
		List<Consumed<Tagged>> filled = new ArrayList<>(topic.subList(0, polled.get()));
		if (random.nextBoolean()) {
			filled.addAll(List.copyOf(filled.subList(filled.size() / 2, filled.size())));
		}
		this.things.fill(filled);
		Catalogue now = this.things.compare();
		if (now.find(GenerationState.WAITING).isPresent()) {
			this.things.generations.change(NAME, (catalogue) -> random.nextBoolean()
					? catalogue.accept(this.things.clock.instant()) : catalogue.cancel(this.things.clock.instant()));
		}
		else if (random.nextInt(3) == 0) {
			this.things.generations.change(NAME, (catalogue) -> catalogue.rollback(this.things.clock.instant()));
		}
	}

	private void deliver(List<Consumed<Tagged>> topic, AtomicInteger polled, Random random) {
		ProjectionWriter<Tagged> writer = this.things.writer();
		int next = 0;
		while (next < topic.size()) {
			int end = Math.min(topic.size(), next + 1 + random.nextInt(60));
			List<Consumed<Tagged>> poll = new ArrayList<>(topic.subList(next, end));
			if (random.nextInt(8) == 0) {
				// events that are older than what is there
				poll.addAll(0, topic.subList(Math.max(0, next - 20), next));
			}
			polled.accumulateAndGet(end, Math::max);
			writer.on(poll);
			next = (random.nextInt(6) == 0) ? Math.max(0, next - random.nextInt(40)) : end;
		}
	}

	private static List<Consumed<Tagged>> topic(Random random, String prefix) {
		List<Consumed<Tagged>> topic = new ArrayList<>();
		long[] versions = new long[25];
		int size = Boolean.getBoolean("sitestream.test.long") ? 5_000 : 1_500;
		for (int i = 0; i < size; i++) {
			int key = random.nextInt(versions.length);
			long version = ++versions[key];
			topic.add((random.nextInt(6) == 0) ? remove(prefix + key, version) : put(prefix + key, version,
					TAGS.stream().filter((tag) -> random.nextBoolean()).toArray(String[]::new)));
		}
		return topic;
	}

	private void assertAgreement(Generation generation, Map<String, Consumed<Tagged>> newest, String prefix) {
		ProjectionKeys keys = this.things.keys(generation);
		Map<String, Set<String>> byTag = new LinkedHashMap<>();
		newest.forEach((key, record) -> {
			Tagged thing = record.value();
			if (thing == null) {
				assertThat(this.things.tags(keys, 1, key)).as(key).isEmpty();
			}
			else {
				assertThat(this.things.tags(keys, 1, key)).as(key).hasValue(new TreeSet<>(thing.tags()));
				thing.tags().forEach((tag) -> byTag.computeIfAbsent(tag, (unused) -> new TreeSet<>()).add(key));
			}
		});
		for (String tag : TAGS) {
			assertThat(this.things.members(keys, "tag/" + tag).stream().filter((key) -> key.startsWith(prefix)))
				.as("%s of %s", tag, generation)
				.containsExactlyElementsOf(byTag.getOrDefault(tag, Set.of()));
		}
	}

	private static IntConsumer stopAfter(int last) {
		return (pass) -> {
			if (pass == last) {
				throw new DataAccessResourceFailureException("stopped");
			}
		};
	}

	private long intents(String key) {
		Long size = this.things.redis.one((redis) -> redis.scard(this.things.serving().intent(key)));
		return (size != null) ? size : 0;
	}

	private long entries(String indexKey) {
		Long size = this.things.redis.one((redis) -> redis.hlen(this.things.serving().entries(indexKey)));
		return (size != null) ? size : 0;
	}

	private void empty() {
		try (Lease lease = Lease.of(this.things.redis, "empty".getBytes()).orElseThrow()) {
			new KeyScan(this.things.redis, lease).each(this.things.space.key(""), (keys) -> this.things.redis
				.pipelined((redis) -> keys.stream().map((key) -> redis.unlink(key)).toList()));
		}
	}

	private static Tuple tuple(Object... values) {
		return Tuple.tuple(values);
	}

}
