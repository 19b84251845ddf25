package io.sitestream.kvstore;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.sitestream.kvstore.ReplayedStore.Colour;
import io.sitestream.platform.Position;
import io.sitestream.platform.TopicIdentity;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static io.sitestream.kvstore.ReplayedStore.colour;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a store does whose topic is not any longer what it has read.
 */
@ExtendWith(OutputCaptureExtension.class)
class RunningStoreUnitTests {

	private final FakeLog log = new FakeLog(1);

	private final ReplayedStore store = new ReplayedStore(1);

	@BeforeEach
	void readToTheEnd() {
		for (String key : List.of("a", "b", "c")) {
			this.log.append(0, key, colour("red"));
		}
		this.store.replay.assigned(this.log);
		this.log.pollAll(this.store.replay);
		look(this.log);
	}

	@Test
	void readsATopicThatWasMadeAnewAlthoughItsOffsetsWouldFit(CapturedOutput output) {
		FakeLog anew = new FakeLog(1);
		for (String key : List.of("b", "c", "d", "e")) {
			anew.append(0, key, colour("blue"));
		}
		anew.seek(0, 3);
		this.store.identity = Optional.of(new TopicIdentity("second", Duration.ofHours(24)));

		look(anew);

		assertThat(this.store.isReady()).isFalse();
		assertThat(output).contains("colours: The topic was made anew: its id was first and is second. "
				+ "Reading topic 't-colours' from its beginning.");
		anew.pollAll(this.store.replay);
		assertThat(this.store.isReady()).isTrue();
		assertThat(this.store.all()).containsOnlyKeys("b", "c", "d", "e");
	}

	@Test
	void readsATopicAnewWhenItWasAwayForTooLong(CapturedOutput output) {
		Position tombstone = this.log.append(0, "a", null);
		this.log.compactAway(tombstone);
		this.log.compactAway(new Position(FakeLog.TOPIC, 0, 0));
		this.log.append(0, "b", colour("blue"));
		this.store.now = this.store.now.plus(Duration.ofHours(25));

		look(this.log);
		assertThat(this.store.isReady()).isFalse();
		this.log.pollAll(this.store.replay);

		assertThat(this.store.all()).isEqualTo(Map.of("c", new Colour("red"), "b", new Colour("blue")));
		assertThat(output).contains("colours: The end was last reached PT25H ago, which is more than PT12H");
	}

	@Test
	void staysReadyWhenItWasAwayForLess() {
		this.log.append(0, "b", colour("blue"));
		this.store.now = this.store.now.plus(Duration.ofHours(11));

		look(this.log);

		assertThat(this.store.isReady()).isTrue();
		assertThat(this.store.replay.taken()).isEqualTo(4);
	}

	@Test
	void countsNoTimeInWhichItWasAtTheEnd() {
		for (int hour = 0; hour < 100; hour++) {
			this.store.now = this.store.now.plus(Duration.ofHours(1));
			look(this.log);
		}

		assertThat(this.store.isReady()).isTrue();
		assertThat(this.store.replay.taken()).isEqualTo(3);
	}

	@Test
	void isNotAwayWhileItFollowsATopicThatNeverRests() {
		for (int hour = 0; hour < 100; hour++) {
			this.store.now = this.store.now.plus(Duration.ofHours(1));
			this.store.replay.see(sighting(this.log));
			this.log.append(0, "a", colour("shade " + hour));
			this.log.append(0, "b", colour("shade " + hour));
			this.log.poll(0, 2, this.store.replay);
		}

		assertThat(this.store.isReady()).isTrue();
		assertThat(this.store.replay.taken()).isEqualTo(203);
	}

	@Test
	void readsALogAnewThatAnotherLeaderTruncated() {
		this.log.truncate(0, 1);

		this.log.poll(0, 10, this.store.replay);
		this.log.pollAll(this.store.replay);

		assertThat(this.store.isReady()).isTrue();
		assertThat(this.store.all()).containsOnlyKeys("a");
	}

	@Test
	void readsALogAnewThatAnotherLeaderTruncatedAndWroteOn() {
		this.log.truncate(0, 1);
		for (String key : List.of("x", "y", "z")) {
			this.log.append(0, key, colour("blue"));
		}

		this.log.poll(0, 10, this.store.replay);
		assertThat(this.store.isReady()).isFalse();
		this.log.pollAll(this.store.replay);

		assertThat(this.store.all()).containsOnlyKeys("a", "x", "y", "z");
	}

	@Test
	void isReadyWhenTheLogLostRecordsBeforeTheyWereRead() {
		ReplayedStore loading = new ReplayedStore(1);
		loading.replay.assigned(this.log);
		this.log.poll(0, 1, loading.replay);
		this.log.truncate(0, 2);

		this.log.poll(0, 10, loading.replay);
		this.log.poll(0, 10, loading.replay);

		assertThat(loading.isReady()).isTrue();
		assertThat(loading.all()).containsOnlyKeys("a", "b");
	}

	@Test
	void doesNotTrustALookThatIsOlderThanItsAssignment() {
		Sighting old = sighting(this.log);
		this.store.now = this.store.now.plusSeconds(1);
		this.store.identity = Optional.of(new TopicIdentity("second", Duration.ofHours(24)));
		this.store.replay.assigned(this.log);
		this.log.pollAll(this.store.replay);
		assertThat(this.store.isReady()).isTrue();

		this.store.replay.see(old);
		this.store.replay.between(this.log);

		assertThat(this.store.isReady()).isTrue();
	}

	private void look(FakeLog topic) {
		this.store.replay.see(sighting(topic));
		topic.poll(0, 10, this.store.replay);
	}

	private Sighting sighting(FakeLog topic) {
		return new Sighting(this.store.identity.orElseThrow(), Map.of(0, topic.endOffset(0)), this.store.now);
	}

}
