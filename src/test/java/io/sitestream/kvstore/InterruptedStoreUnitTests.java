package io.sitestream.kvstore;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import io.sitestream.kvstore.ReplayedStore.Colour;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Emitter;
import io.sitestream.platform.Position;
import io.sitestream.platform.ProblemException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.sitestream.kvstore.ReplayedStore.colour;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a store does whose function is stopped or paused, and goes on.
 */
class InterruptedStoreUnitTests {

	private final FakeLog log = new FakeLog(1);

	private final ReplayedStore reading = new ReplayedStore(1);

	private final AtomicBoolean running = new AtomicBoolean(true);

	private final CompactedTopicStore<Colour> store = this.reading.store(new NoEmitter(), Duration.ofMillis(50));

	@BeforeEach
	void readToTheEnd() {
		this.log.append(0, "a", colour("red"));
		this.reading.replay.fedWhile(this.running::get);
		this.reading.replay.assigned(this.log);
		this.log.pollAll(this.reading.replay);
		assertThat(this.store.isReady()).isTrue();
	}

	@Test
	void refusesReadsAndWritesAtOnceWhileItsFunctionDoesNotRun() {
		this.running.set(false);

		assertThat(this.store.isReady()).isFalse();
		assertThat(List.<Runnable>of(this.store::all, () -> this.store.find("a"),
				() -> this.store.put("b", new Colour("blue")), () -> this.store.delete("a")))
			.allSatisfy((call) -> assertThatExceptionOfType(ProblemException.class).isThrownBy(call::run)
				.satisfies((ex) -> assertThat(ex.problem().detail()).isEqualTo(
						"Store 'colours' does not follow topic 't-colours': the function that reads it was stopped or paused (/actuator/bindings), or has ended (/actuator/health). Nothing was read or written: ask another instance, or again when it runs.")));
	}

	@Test
	void showsNothingAfterAStopBeforeItHasReadWhatItMissed() {
		stop();
		this.log.append(0, "b", colour("blue"));
		this.log.append(0, "c", colour("green"));

		this.running.set(true);
		assertThat(this.store.isReady()).as("before the assignment").isFalse();
		this.reading.replay.assigned(this.log);
		this.log.append(0, "d", colour("grey"));
		this.log.poll(0, 1, this.reading.replay);
		assertThat(this.store.isReady()).as("before the end of what was missed").isFalse();
		this.log.poll(0, 1, this.reading.replay);

		assertThat(this.store.isReady()).isTrue();
		assertThat(this.store.all()).containsOnlyKeys("a", "b", "c");
	}

	@Test
	void isReadyAtTheAssignmentWhenItMissedNothing() {
		stop();
		this.running.set(true);

		this.reading.replay.assigned(this.log);

		assertThat(this.store.isReady()).isTrue();
	}

	@Test
	void showsNothingAfterAPauseBeforeItHasReadWhatItMissed() {
		stop();
		this.log.append(0, "b", colour("blue"));
		this.log.append(0, "c", colour("green"));
		this.reading.replay.between(this.log);

		this.running.set(true);
		this.log.poll(0, 1, this.reading.replay);
		assertThat(this.store.isReady()).isFalse();
		this.log.pollAll(this.reading.replay);

		assertThat(this.store.isReady()).isTrue();
		assertThat(this.store.all()).containsOnlyKeys("a", "b", "c");
	}

	@Test
	void passesATailThatIsAMarkerAfterAStop() {
		stop();
		this.log.appendMarker(0);
		this.running.set(true);
		this.reading.replay.assigned(this.log);
		assertThat(this.store.isReady()).isFalse();

		this.log.poll(0, 10, this.reading.replay);

		assertThat(this.store.isReady()).isTrue();
	}

	@Test
	void readsTheTopicAnewWhenItStoodForTooLong() {
		this.reading.replay.see(new Sighting(this.reading.identity.orElseThrow(), Map.of(0, 1L), this.reading.now));
		this.reading.replay.between(this.log);
		stop();
		this.log.append(0, "b", colour("blue"));
		this.reading.now = this.reading.now.plus(Duration.ofHours(13));
		this.running.set(true);

		this.reading.replay.assigned(this.log);
		this.log.poll(0, 10, this.reading.replay);

		assertThat(this.store.isReady()).isFalse();
		assertThat(this.log.position(0)).as("back at the beginning").isZero();
		this.log.pollAll(this.reading.replay);
		assertThat(this.store.all()).containsOnlyKeys("a", "b");
	}

	@Test
	void keepsItsCheckpointWhileItsFunctionDoesNotRun() {
		stop();

		assertThat(this.reading.replay.checkpoint(FakeLog.TOPIC)).isPresent();
	}

	private void stop() {
		this.running.set(false);
		this.reading.replay.interrupted();
	}

	/**
	 * Takes nothing.
	 */
	private static final class NoEmitter implements Emitter {

		@Override
		public CompletableFuture<Position> send(Emission emission) {
			throw new AssertionError("Nothing is to be written.");
		}

		@Override
		public List<Position> emit(List<Emission> emissions) {
			throw new AssertionError("Nothing is to be written.");
		}

	}

}
