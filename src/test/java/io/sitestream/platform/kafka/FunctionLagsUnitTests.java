package io.sitestream.platform.kafka;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FunctionLagsUnitTests {

	private final AtomicInteger questions = new AtomicInteger();

	@Test
	void asksKafkaOnceForManyLooks() {
		FunctionLags lags = new FunctionLags(() -> List.of("copyWords"), () -> {
			this.questions.incrementAndGet();
			return Map.of("copyWords", FunctionLag.of(3));
		});

		for (int look = 0; look < 20; look++) {
			assertThat(lags.now()).containsExactly(Map.entry("copyWords", FunctionLag.of(3)));
		}

		assertThat(this.questions.get()).isLessThan(20);
	}

	@Test
	void saysThatKafkaDoesNotSayAndAsksNoSecondTimeMeanwhile() {
		CountDownLatch answer = new CountDownLatch(1);
		FunctionLags lags = new FunctionLags(() -> List.of("copyWords"), () -> {
			this.questions.incrementAndGet();
			try {
				answer.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return Map.of("copyWords", FunctionLag.of(3));
		});

		for (int look = 0; look < 3; look++) {
			assertThat(lags.now())
				.containsExactly(Map.entry("copyWords", FunctionLag.unknown("Kafka does not say within 2000 ms.")));
		}

		assertThat(this.questions.get()).isEqualTo(1);
		answer.countDown();
	}

	@Test
	void saysWhyKafkaCannotBeAsked() {
		FunctionLags lags = new FunctionLags(() -> List.of("copyWords"), () -> {
			throw new IllegalStateException("no such broker");
		});

		assertThat(lags.now().get("copyWords").unknown())
			.isEqualTo("Kafka cannot be asked: java.lang.IllegalStateException: no such broker");
	}

}
