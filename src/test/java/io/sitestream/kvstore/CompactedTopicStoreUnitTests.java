package io.sitestream.kvstore;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.sitestream.kvstore.ReplayedStore.Colour;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Emitter;
import io.sitestream.platform.Position;
import io.sitestream.platform.ProblemException;
import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.TopicIdentity;
import org.junit.jupiter.api.Test;

import static io.sitestream.kvstore.ReplayedStore.colour;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class CompactedTopicStoreUnitTests {

	private final FakeLog log = new FakeLog(1);

	private final ReplayedStore reading = new ReplayedStore(1);

	private final CompactedTopicStore<Colour> store = this.reading.store(new LogEmitter(), Duration.ofMillis(50));

	@Test
	void refusesEveryReadBeforeItIsReady() {
		this.log.append(0, "a", colour("red"));
		this.reading.replay.assigned(this.log);

		List<Runnable> reads = List.of(() -> this.store.find("a"), () -> this.store.get("a"),
				() -> this.store.containsKey("a"), this.store::all, () -> this.store.range("a", "b"), this.store::size);

		assertThat(reads).allSatisfy(
				(read) -> assertThatExceptionOfType(ProblemException.class).isThrownBy(read::run).satisfies((ex) -> {
					assertThat(ex.problem().type()).isEqualTo("urn:sitestream:problem:store-not-ready");
					assertThat(ex.problem().status()).isEqualTo(503);
					assertThat(ex.problem().detail()).isEqualTo(
							"Store 'colours' is still reading topic 't-colours' and answers when it has reached its end: try again in a moment.");
				}));
	}

	@Test
	void answersFromMemoryWhenItIsReady() {
		this.log.append(0, "b", colour("blue"));
		this.log.append(0, "a", colour("red"));
		this.reading.replay.assigned(this.log);
		this.log.pollAll(this.reading.replay);

		assertThat(this.store.find("a")).hasValue(new Colour("red"));
		assertThat(this.store.find("c")).isEqualTo(Optional.empty());
		assertThat(this.store.get("a")).isEqualTo(new Colour("red"));
		assertThat(this.store.containsKey("a")).isTrue();
		assertThat(this.store.containsKey("c")).isFalse();
		assertThat(this.store.all().keySet()).containsExactly("a", "b");
		assertThat(this.store.size()).isEqualTo(2);
	}

	@Test
	void saysThatItHasNoSuchKey() {
		this.log.append(0, "a", colour("red"));
		this.reading.replay.assigned(this.log);
		this.log.pollAll(this.reading.replay);

		assertThatExceptionOfType(UnknownKeyException.class).isThrownBy(() -> this.store.get("b"))
			.withMessage("Store 'colours' has no key 'b'. 1 entries are loaded from topic 't-colours'.");
	}

	@Test
	void neverShowsThePastOfATopicThatIsReadAnew() {
		for (String name : List.of("first", "second", "last")) {
			for (int key = 0; key < 300; key++) {
				this.log.append(0, "k" + key, colour(name));
			}
		}
		this.reading.replay.assigned(this.log);
		this.log.pollAll(this.reading.replay);
		CompletableFuture<Void> reloads = CompletableFuture.runAsync(() -> {
			for (int topic = 0; topic < 300; topic++) {
				this.reading.identity = Optional.of(new TopicIdentity("topic " + topic, Duration.ofHours(24)));
				this.reading.replay.assigned(this.log);
				this.log.pollAll(this.reading.replay);
			}
		});

		int answers = 0;
		while (!reloads.isDone()) {
			try {
				assertThat(this.store.range("k0", "k2").values()).containsOnly(new Colour("last"));
				answers++;
			}
			catch (ProblemException ex) {
				assertThat(ex.problem().type()).isEqualTo("urn:sitestream:problem:store-not-ready");
			}
		}

		reloads.join();
		assertThat(answers).isPositive();
		assertThat(this.store.size()).isEqualTo(300);
	}

	@Test
	void answersRangesOfKeysInTheirOrder() {
		for (String key : List.of("d", "b", "c", "a", "ba")) {
			this.log.append(0, key, colour(key));
		}
		this.reading.replay.assigned(this.log);
		this.log.pollAll(this.reading.replay);

		assertThat(this.store.range("b", "d").keySet()).containsExactly("b", "ba", "c");
		assertThat(this.store.range("b", "b")).isEmpty();
		assertThat(this.store.range("", "\uFFFF")).isEqualTo(this.store.all());
		assertThatIllegalArgumentException().isThrownBy(() -> this.store.range("d", "b"))
			.withMessage("Range from 'd' to 'b' is backwards: its first key must not be behind its end.");
	}

	@Test
	void handsOutTheSameSnapshotUntilSomethingChanges() {
		this.reading.replay.assigned(this.log);
		this.log.append(0, "a", colour("red"));
		this.log.pollAll(this.reading.replay);
		var first = this.store.all();

		assertThat(this.store.all()).isSameAs(first);
		this.log.append(0, "b", colour("blue"));
		this.log.pollAll(this.reading.replay);

		assertThat(first).containsOnlyKeys("a");
		assertThat(this.store.all()).containsOnlyKeys("a", "b");
	}

	@Test
	void saysThatAWriteWasTakenButIsNotVisibleYet() {
		this.reading.replay.assigned(this.log);

		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> this.store.put("a", new Colour("red")))
			.satisfies((ex) -> {
				assertThat(ex.problem().type()).isEqualTo("urn:sitestream:problem:store-behind");
				assertThat(ex.problem().detail()).isEqualTo(
						"Store 'colours' does not show the record at t-colours-0@0 yet, after 50 ms. It was taken and will appear: do not repeat it.");
			});
	}

	@Test
	void refusesToWaitForARecordOfAnotherTopic() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.store.await(new Position("shapes", 0, 3), Duration.ZERO))
			.withMessage("Store 'colours' never reads shapes-0@3: its topic is t-colours.");
	}

	/**
	 * Appends to the log, as Kafka would.
	 */
	private final class LogEmitter implements Emitter {

		@Override
		public CompletableFuture<Position> send(Emission emission) {
			String value = (emission.value() != null) ? new String(new RecordFormat().write(emission.value())) : null;
			return CompletableFuture
				.completedFuture(CompactedTopicStoreUnitTests.this.log.append(0, emission.key(), value));
		}

		@Override
		public List<Position> emit(List<Emission> emissions) {
			return emissions.stream().map((emission) -> send(emission).join()).toList();
		}

	}

}
