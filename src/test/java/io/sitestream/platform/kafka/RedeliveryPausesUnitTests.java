package io.sitestream.platform.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;

import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.scheduling.concurrent.ConcurrentTaskScheduler;

import static org.assertj.core.api.Assertions.assertThat;

class RedeliveryPausesUnitTests {

	private final DefaultKafkaConsumerFactory<byte[], byte[]> consumers = new DefaultKafkaConsumerFactory<>(Map.of(),
			new ByteArrayDeserializer(), new ByteArrayDeserializer());

	private final ConcurrentMessageListenerContainer<byte[], byte[]> binding = new ConcurrentMessageListenerContainer<>(
			this.consumers, new ContainerProperties("words"));

	private final KafkaMessageListenerContainer<byte[], byte[]> consuming = new KafkaMessageListenerContainer<>(
			this.consumers, new ContainerProperties("words"));

	private final Later later = new Later();

	private final RedeliveryPauses pauses = new RedeliveryPauses(this.later);

	@Test
	void endByThemselves() {
		this.pauses.pause(this.consuming, this.binding, Duration.ofSeconds(1));
		assertThat(this.consuming.isPauseRequested()).isTrue();
		assertThat(this.binding.isPauseRequested()).isFalse();

		this.later.tasks.forEach(Runnable::run);

		assertThat(this.consuming.isPauseRequested()).isFalse();
	}

	@Test
	void leaveThePauseOfAnOperatorAlone() {
		this.pauses.pause(this.consuming, this.binding, Duration.ofSeconds(1));
		this.binding.pause();
		this.consuming.pause();

		this.later.tasks.forEach(Runnable::run);

		assertThat(this.consuming.isPauseRequested()).isTrue();
	}

	/**
	 * Runs tasks when the test does.
	 */
	private static final class Later extends ConcurrentTaskScheduler {

		final List<Runnable> tasks = new ArrayList<>();

		@Override
		public ScheduledFuture<?> schedule(Runnable task, Instant startTime) {
			this.tasks.add(task);
			return null;
		}

	}

}
