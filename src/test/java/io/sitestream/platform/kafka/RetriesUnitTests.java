package io.sitestream.platform.kafka;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RetriesUnitTests {

	private static final TopicPartition FIRST = new TopicPartition("words", 0);

	private static final TopicPartition SECOND = new TopicPartition("words", 1);

	private static final Instant TEN = Instant.parse("2026-11-23T10:00:00Z");

	private static final Instant ELEVEN = Instant.parse("2026-11-23T11:00:00Z");

	private final Throwable away = new IllegalStateException("away");

	private final Retries retries = new Retries();

	private final Places places = new Places();

	@Test
	void remembersSinceWhenABatchFailsAndWhyTheLastTime() {
		assertThat(this.retries.failed(Map.of(FIRST, 12L), this.away, TEN)).isTrue();
		assertThat(this.retries.failed(Map.of(FIRST, 12L), new IllegalStateException("away"), ELEVEN)).isFalse();
		Throwable full = new IllegalStateException("full");
		assertThat(this.retries.failed(Map.of(FIRST, 12L), full, ELEVEN)).isTrue();

		assertThat(this.retries.oldest()).hasValue(new Retries.Retry("words-0@12", 12, full, TEN));
	}

	@Test
	void isNotComfortedByAnotherPartition() {
		this.retries.failed(Map.of(FIRST, 12L), this.away, TEN);

		assertThat(this.retries.passed(Map.of(SECOND, 100L))).isFalse();
		assertThat(this.retries.passed(Map.of(FIRST, 12L))).as("the same batch again").isFalse();
		assertThat(this.retries.oldest()).isPresent();
		assertThat(this.retries.passed(Map.of(FIRST, 13L))).isTrue();

		assertThat(this.retries.oldest()).isEmpty();
		assertThat(this.retries.passed(Map.of(FIRST, 14L))).as("once").isFalse();
	}

	@Test
	void leavesToOthersWhatConcernsNoBatchUnlessTheConsumerHasEnded() {
		this.retries.failed(this.away, TEN);

		this.retries.left(List.of(FIRST));

		assertThat(this.retries.oldest()).isEmpty();
		Error ended = new AssertionError("ended");
		this.retries.failed(ended, TEN);
		this.retries.left(List.of(FIRST));
		assertThat(this.retries.oldest().orElseThrow().cause()).isSameAs(ended);
	}

	@Test
	void leavesToOthersWhatHasLeft() {
		this.retries.failed(Map.of(FIRST, 12L, SECOND, 3L), this.away, TEN);

		this.retries.left(List.of(FIRST));

		assertThat(this.retries.oldest().orElseThrow().position()).isEqualTo("words-1@3");
		this.retries.left(List.of(SECOND));
		assertThat(this.retries.oldest()).isEmpty();
		this.retries.came(List.of(FIRST));
		assertThat(this.retries.oldest().orElseThrow().position()).isEqualTo("words-0@12");
	}

	@Test
	void tellsOfAConsumerThatFailedUntilItGoesOn() {
		this.retries.failed(this.away, TEN);
		this.retries.failed(this.away, ELEVEN);

		assertThat(this.retries.oldest()).hasValue(new Retries.Retry("", 0, this.away, TEN));
		assertThat(this.retries.goesOn()).isTrue();
		assertThat(this.retries.oldest()).isEmpty();
	}

	@Test
	void knowsThatOnlyAMarkerIsLeft() {
		this.places.processed(Map.of(FIRST, 10L));
		this.places.idle(FIRST, 11);

		assertThat(this.places.behind(FIRST, 10)).isEqualTo(11);
		assertThat(this.places.behind(FIRST, 7)).as("processed, but not committed").isEqualTo(7);
		assertThat(this.places.behind(SECOND, 7)).isEqualTo(7);
	}

	@Test
	void knowsNoMarkerOfPartitionsThatOthersRead() {
		this.places.idle(FIRST, 11);
		this.places.processed(Map.of(SECOND, 5L));
		this.places.idle(SECOND, 6);
		this.places.left(List.of(FIRST, SECOND));

		assertThat(this.places.behind(FIRST, 10)).isEqualTo(10);
		assertThat(this.places.behind(SECOND, 5)).isEqualTo(6);
		this.places.came(List.of(SECOND));
		assertThat(this.places.behind(SECOND, 5)).isEqualTo(5);
	}

}
