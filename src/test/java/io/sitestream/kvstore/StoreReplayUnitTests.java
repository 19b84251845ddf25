package io.sitestream.kvstore;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.sitestream.kvstore.ReplayedStore.Colour;
import io.sitestream.platform.Position;
import org.junit.jupiter.api.Test;

import static io.sitestream.kvstore.ReplayedStore.colour;
import static org.assertj.core.api.Assertions.assertThat;

class StoreReplayUnitTests {

	private final FakeLog log = new FakeLog(1);

	private final ReplayedStore store = new ReplayedStore(1);

	@Test
	void isReadyAtTheAssignmentOfAnEmptyTopic() {
		this.store.replay.assigned(this.log);

		assertThat(this.store.isReady()).isTrue();
	}

	@Test
	void isReadyAtTheEndThatWasCapturedAndDoesNotChaseAMovingOne() {
		this.log.append(0, "a", colour("red"));
		this.log.append(0, "b", colour("blue"));
		this.store.replay.assigned(this.log);
		this.log.append(0, "c", colour("green"));

		this.log.poll(0, 1, this.store.replay);
		assertThat(this.store.isReady()).isFalse();
		this.log.append(0, "d", colour("grey"));
		this.log.poll(0, 1, this.store.replay);

		assertThat(this.store.isReady()).isTrue();
		assertThat(this.store.all()).containsOnlyKeys("a", "b");
	}

	@Test
	void isReadyOnlyWhenAllPartitionsHaveBeenRead() {
		FakeLog two = new FakeLog(2);
		ReplayedStore both = new ReplayedStore(2);
		two.append(0, "a", colour("red"));
		two.append(1, "b", colour("blue"));
		both.replay.assigned(two);

		two.poll(0, 10, both.replay);
		assertThat(both.isReady()).isFalse();
		two.poll(1, 10, both.replay);

		assertThat(both.isReady()).isTrue();
	}

	@Test
	void isNotReadyWhenFewerPartitionsAreAssignedThanTheTopicHas() {
		ReplayedStore three = new ReplayedStore(3);

		three.replay.assigned(new FakeLog(2));

		assertThat(three.isReady()).isFalse();
	}

	@Test
	void passesATailThatWasCompactedAwayOrIsAMarker() {
		this.log.append(0, "a", colour("red"));
		Position tail = this.log.append(0, "b", null);
		this.log.appendMarker(0);
		this.log.compactAway(tail);
		this.store.replay.assigned(this.log);

		this.log.poll(0, 10, this.store.replay);
		assertThat(this.store.isReady()).isFalse();
		this.log.poll(0, 10, this.store.replay);

		assertThat(this.store.isReady()).isTrue();
		assertThat(this.store.progress.positions()).isEqualTo(Map.of(0, 3L));
	}

	@Test
	void goesOnAtItsOwnPositionAfterARebalance() {
		this.log.append(0, "a", colour("red"));
		this.store.replay.assigned(this.log);
		this.log.pollAll(this.store.replay);
		this.log.append(0, "b", colour("blue"));
		this.log.seek(0, 0);

		this.store.replay.assigned(this.log);

		assertThat(this.log.position(0)).isEqualTo(1);
		assertThat(this.store.isReady()).isTrue();
	}

	@Test
	void changesNothingForRecordsThatComeAgain() {
		List<String> heard = new ArrayList<>();
		this.log.append(0, "a", colour("red"));
		this.store.contents.listen(FakeLog.TOPIC, (key, before, after, position, replay) -> heard.add(key + after));
		this.store.replay.assigned(this.log);
		this.log.pollAll(this.store.replay);
		this.log.append(0, "a", colour("blue"));

		this.log.seek(0, 0);
		this.log.pollAll(this.store.replay);

		assertThat(heard).containsExactly("aColour[name=red]", "aColour[name=blue]");
	}

	@Test
	void removesKeysByTombstones() {
		this.log.append(0, "a", colour("red"));
		this.log.append(0, "a", null);
		this.log.append(0, "never", null);
		this.store.replay.assigned(this.log);

		this.log.pollAll(this.store.replay);

		assertThat(this.store.all()).isEmpty();
		assertThat(this.store.contents.entries().size()).isZero();
	}

	@Test
	void tellsListenersWhatIsThereThenEveryChange() {
		List<String> heard = new ArrayList<>();
		this.log.append(0, "a", colour("red"));
		this.store.replay.assigned(this.log);
		this.log.pollAll(this.store.replay);

		this.store.contents.listen(FakeLog.TOPIC, (key, before, after, position, replay) -> heard
			.add("%s: %s -> %s at %s, %s".formatted(key, before, after, position, replay ? "replay" : "live")));
		this.log.append(0, "a", colour("blue"));
		this.log.append(0, "a", null);
		this.log.pollAll(this.store.replay);

		assertThat(heard).containsExactly("a: null -> Colour[name=red] at t-colours-0@0, replay",
				"a: Colour[name=red] -> Colour[name=blue] at t-colours-0@1, live",
				"a: Colour[name=blue] -> null at t-colours-0@2, live");
	}

	@Test
	void goesThroughTheSameStatesInLargePollsAsInSmallOnes() {
		for (int i = 0; i < 3_000; i++) {
			String key = "k" + (i * 31 % 47);
			this.log.append(0, key, (i % 5 == 0) ? null : (i % 7 == 0) ? "{broken" : colour("shade " + i));
		}
		ReplayedStore other = new ReplayedStore(1);

		List<String> small = history(this.store, 3);
		List<String> large = history(other, 2_000);

		assertThat(large).isEqualTo(small).hasSizeGreaterThan(2_000);
		assertThat(other.all()).isEqualTo(this.store.all());
		assertThat(other.contents.quarantine().records()).isEqualTo(this.store.contents.quarantine().records());
		assertThat(other.contents.quarantine().total()).isEqualTo(this.store.contents.quarantine().total());
	}

	private List<String> history(ReplayedStore reading, int poll) {
		List<String> history = new ArrayList<>();
		reading.contents.listen(FakeLog.TOPIC, (key, before, after, position, replay) -> history
			.add("%s: %s -> %s at %s".formatted(key, before, after, position)));
		this.log.seek(0, 0);
		reading.replay.assigned(this.log);
		while (!reading.isReady()) {
			this.log.poll(0, poll, reading.replay);
		}
		return history;
	}

	@Test
	void goesOnWhenAListenerFails() {
		this.store.contents.listen(FakeLog.TOPIC, (key, before, after, position, replay) -> {
			throw new IllegalStateException("listener");
		});
		this.log.append(0, "a", colour("red"));
		this.store.replay.assigned(this.log);

		this.log.pollAll(this.store.replay);

		assertThat(this.store.isReady()).isTrue();
		assertThat(this.store.all()).containsOnlyKeys("a");
	}

	@Test
	void readsATopicAnewThatEndsBeforeItsPosition() {
		for (String key : List.of("a", "b", "c")) {
			this.log.append(0, key, colour("red"));
		}
		this.store.replay.assigned(this.log);
		this.log.pollAll(this.store.replay);
		List<String> removed = new ArrayList<>();
		this.store.contents.listen(FakeLog.TOPIC, (key, before, after, position, replay) -> {
			if (after == null) {
				removed.add(key);
			}
		});
		FakeLog anew = new FakeLog(1);
		anew.append(0, "b", colour("blue"));

		this.store.replay.assigned(anew);
		assertThat(this.store.isReady()).isFalse();
		anew.pollAll(this.store.replay);

		assertThat(this.store.isReady()).isTrue();
		assertThat(this.store.all()).isEqualTo(Map.of("b", new Colour("blue")));
		assertThat(removed).containsExactlyInAnyOrder("a", "c");
	}

	@Test
	void readsATopicAnewThatBeginsBehindItsPosition() {
		this.log.append(0, "a", colour("red"));
		this.store.replay.assigned(this.log);
		this.log.pollAll(this.store.replay);
		this.log.append(0, "a", null);
		this.log.append(0, "b", colour("blue"));
		this.log.deleteRecordsBefore(0, 2);

		this.store.replay.assigned(this.log);
		this.log.pollAll(this.store.replay);

		assertThat(this.store.all()).containsOnlyKeys("b");
	}

	@Test
	void wakesThoseWhoWaitForAPositionWhenItIsVisible() throws Exception {
		this.store.replay.assigned(this.log);
		Position position = this.log.append(0, "a", colour("red"));
		List<Colour> seen = new ArrayList<>();
		Thread reader = Thread.ofVirtual().start(() -> {
			this.store.progress.await(Map.of(0, position.offset() + 1), Duration.ofSeconds(30));
			seen.addAll(this.store.all().values());
		});

		this.log.pollAll(this.store.replay);
		reader.join(Duration.ofSeconds(30));

		assertThat(seen).containsExactly(new Colour("red"));
	}

	@Test
	void saysWhenAWaitIsOver() {
		this.store.replay.assigned(this.log);

		assertThat(this.store.progress.await(Map.of(0, 1L), Duration.ofMillis(1))).isFalse();
		assertThat(this.store.progress.await(Map.of(0, 0L), Duration.ZERO)).isTrue();
	}

}
