package io.sitestream.site;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PublishedProgressUnitTests {

	@Test
	void knowsOfABatchWhenTheNextOneBeginsBehindIt() {
		PublishedProgress first = PublishedProgress.NONE.polled(10, 20);

		assertThat(first.isToBeStored()).as("its transaction may fail").isFalse();
		assertThat(first.polled(20, 25).known()).isEqualTo(20);
		assertThat(first.polled(22, 25).known()).as("behind markers of transactions").isEqualTo(20);
		assertThat(first.reached(20).known()).as("nothing came").isEqualTo(20);
		assertThat(first.polled(20, 25).stored(20).isToBeStored()).isFalse();
	}

	@Test
	void knowsNothingOfABatchThatComesAgain() {
		PublishedProgress again = PublishedProgress.NONE.committed(10).polled(10, 20).polled(10, 15);

		assertThat(again.known()).isEqualTo(10);
		assertThat(again.polled(15, 20).known()).as("in pieces").isEqualTo(15);
		assertThat(PublishedProgress.NONE.polled(10, 20).reached(10).known()).as("sought back")
			.isEqualTo(PublishedProgress.UNKNOWN);
	}

	@Test
	void forgetsWhatLiesBehindALogThatBeginsAnew() {
		PublishedProgress running = PublishedProgress.NONE.committed(100).polled(100, 120);

		assertThat(running.isBefore(0)).isTrue();
		assertThat(running.polled(0, 7).known()).isEqualTo(PublishedProgress.UNKNOWN);
		assertThat(running.polled(0, 7).polled(7, 8).known()).isEqualTo(7);
	}

}
