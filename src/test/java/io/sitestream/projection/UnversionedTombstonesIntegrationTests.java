package io.sitestream.projection;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import io.sitestream.platform.Consumed;
import io.sitestream.platform.Position;
import io.sitestream.projection.TaggedProjection.Tagged;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.sitestream.projection.ThingSpace.NAME;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tombstones without version, as a foreign tool writes them: they remove what came before
 * them in the topic and nothing else, however often they are read.
 */
class UnversionedTombstonesIntegrationTests {

	private static final List<String> TAGS = List.of("red", "green", "blue");

	private final ThingSpace things = new ThingSpace();

	@AfterEach
	void disconnect() {
		this.things.close();
	}

	@Test
	void removeWhatCameBeforeThem() {
		this.things.writer().on(List.of(at(0, "a", 4L, "red")));

		this.things.writer().on(List.of(at(1, "a", null)));

		assertThat(tags("a")).isEmpty();
		assertThat(this.things.members(this.things.serving(), "tag/red")).isEmpty();
		this.things.writer().on(List.of(at(0, "a", 4L, "red")));
		assertThat(tags("a")).as("repeated").isEmpty();
	}

	@Test
	void leaveWhatCameAfterThemWhenTheyAreRepeated() {
		Consumed<Tagged> tombstone = at(1, "a", null);
		this.things.writer().on(List.of(at(0, "a", 4L, "red")));
		this.things.writer().on(List.of(tombstone));
		this.things.writer().on(List.of(at(2, "a", 5L, "blue")));

		this.things.writer().on(List.of(tombstone));

		assertThat(tags("a")).hasValue(Set.of("blue"));
		assertThat(this.things.members(this.things.serving(), "tag/blue")).containsExactly("a");
	}

	@Test
	void leaveWhatLiveWritersHaveWrittenWhenAFillReadsThem() {
		List<Consumed<Tagged>> topic = List.of(at(0, "a", 4L, "red"), at(1, "a", null), at(2, "a", 5L, "blue"));
		this.things.writer().on(topic.subList(0, 2));
		this.things.rebuild(1);
		this.things.writer().on(topic.subList(2, 3));
		Generation filling = this.things.catalogue().find(GenerationState.FILLING).orElseThrow();
		TaggedProjection projection = new TaggedProjection(1);
		GenerationWriter fill = this.things.generations.writer(projection, filling, this.things.redis,
				this.things.clock);

		topic.forEach((record) -> fill.write(List.of(Projected.of(record, projection))));

		assertThat(this.things.tags(this.things.keys(filling), 1, "a")).hasValue(Set.of("blue"));
		assertThat(this.things.members(this.things.keys(filling), "tag/blue")).containsExactly("a");
	}

	@Test
	void removeWhatWasStoredBeforeOffsetsWere() {
		this.things.writer().on(List.of(at(7, "a", 4L, "red")));
		this.things.redis.one((redis) -> redis.set(this.things.serving().view("a"),
				new StoredView(4, StoredView.UNKNOWN, new TaggedProjection(1).view(new Tagged(4, List.of("red"))))
					.encode()));

		this.things.writer().on(List.of(at(8, "a", null)));

		assertThat(tags("a")).isEmpty();
	}

	/**
	 * A random topic, of which any part is read once more at any time, as after a
	 * rebalance or a rewind, or by a writer that wakes up late.
	 */
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4 })
	void changeNothingWhateverPartOfTheTopicIsReadAgain(long seed) {
		Random random = new Random(seed);
		List<Consumed<Tagged>> topic = new ArrayList<>();
		Map<String, Long> versions = new HashMap<>();
		Map<String, Set<String>> model = new HashMap<>();
		ProjectionWriter<Tagged> writer = this.things.writer();
		for (int round = 0; round < 40; round++) {
			int known = topic.size();
			for (int i = 0; i < 1 + random.nextInt(4); i++) {
				topic.add(next(random, topic.size(), versions, model));
			}
			writer.on(topic.subList(known, topic.size()));
			agrees(model);
			int from = random.nextInt(topic.size());
			writer.on(topic.subList(from, from + 1 + random.nextInt(topic.size() - from)));
			agrees(model);
		}
	}

	private void agrees(Map<String, Set<String>> model) {
		for (String key : List.of("a", "b", "c")) {
			assertThat(tags(key)).as(key).isEqualTo(Optional.ofNullable(model.get(key)));
		}
		for (String tag : TAGS) {
			Set<String> members = new HashSet<>();
			model.forEach((key, tags) -> {
				if (tags.contains(tag)) {
					members.add(key);
				}
			});
			assertThat(this.things.members(this.things.serving(), "tag/" + tag)).as(tag).isEqualTo(members);
		}
	}

	private static Consumed<Tagged> next(Random random, int offset, Map<String, Long> versions,
			Map<String, Set<String>> model) {
		String key = List.of("a", "b", "c").get(random.nextInt(3));
		if (random.nextInt(3) == 0) {
			model.remove(key);
			return at(offset, key, null);
		}
		long version = versions.merge(key, 1L, Long::sum);
		String tag = TAGS.get(random.nextInt(TAGS.size()));
		model.put(key, Set.of(tag));
		return at(offset, key, version, tag);
	}

	private Optional<Set<String>> tags(String key) {
		return this.things.tags(this.things.serving(), 1, key);
	}

	private static Consumed<Tagged> at(long offset, String key, @Nullable Long version, String... tags) {
		return new Consumed<>(TaggedProjection.THINGS, key,
				(version != null) ? new Tagged(version, List.of(tags)) : null, Map.of(), new Position(NAME, 0, offset),
				Instant.EPOCH);
	}

}
