package io.sitestream.platform.kafka;

import java.time.Duration;
import java.time.Instant;

import org.springframework.kafka.listener.ListenerContainerPauseService;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.scheduling.TaskScheduler;

/**
 * Pauses of single consumers, which end by themselves, but never before an operator ends
 * his own pause of the whole binding.
 */
final class RedeliveryPauses extends ListenerContainerPauseService {

	private final TaskScheduler scheduler;

	RedeliveryPauses(TaskScheduler scheduler) {
		super(null, scheduler);
		this.scheduler = scheduler;
	}

	/**
	 * Pauses a consumer for a while. One that is paused already stays so for as long as
	 * it was meant to.
	 * @param consuming the container of the consumer
	 * @param binding the container that an operator pauses and resumes
	 * @param duration how long
	 */
	void pause(MessageListenerContainer consuming, MessageListenerContainer binding, Duration duration) {
		if (!consuming.isPauseRequested()) {
			consuming.pause();
			this.scheduler.schedule(() -> end(consuming, binding), Instant.now().plus(duration));
		}
	}

	private static void end(MessageListenerContainer consuming, MessageListenerContainer binding) {
		if (consuming == binding || !binding.isPauseRequested()) {
			consuming.resume();
		}
	}

}
