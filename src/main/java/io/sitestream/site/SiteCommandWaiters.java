package io.sitestream.site;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.sitestream.platform.Consumed;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The requests of this process that wait for what comes of their commands. An outcome
 * that is missed costs its request a 202, nothing else. Stops before the web server does,
 * which waits for these requests: however long they want to wait, they are answered
 * within {@link #FAREWELL} from then on, and before the server's patience ends.
 */
@Component
class SiteCommandWaiters implements SmartLifecycle {

	private static final Duration FAREWELL = Duration.ofSeconds(5);

	private final Map<String, CompletableFuture<Optional<SiteCommandOutcome>>> waiting = new ConcurrentHashMap<>();

	private volatile boolean running;

	/**
	 * Registers a waiter; requests with the same command share it.
	 * @param commandId the command, not yet sent
	 * @return completes with the outcome, or with none when this process ends before
	 */
	CompletableFuture<Optional<SiteCommandOutcome>> register(String commandId) {
		CompletableFuture<Optional<SiteCommandOutcome>> waiter = this.waiting.computeIfAbsent(commandId,
				(id) -> new CompletableFuture<>());
		if (!this.running) {
			sayFarewell(waiter);
		}
		return waiter;
	}

	void forget(String commandId) {
		this.waiting.remove(commandId);
	}

	void on(List<Consumed<SiteCommandOutcome>> outcomes) {
		for (Consumed<SiteCommandOutcome> record : outcomes) {
			CompletableFuture<Optional<SiteCommandOutcome>> waiter = this.waiting.remove(record.key());
			if (waiter != null && record.value() != null) {
				waiter.complete(Optional.of(record.value()));
			}
		}
	}

	private static void sayFarewell(CompletableFuture<Optional<SiteCommandOutcome>> waiter) {
		waiter.completeOnTimeout(Optional.empty(), FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		this.waiting.values().forEach(SiteCommandWaiters::sayFarewell);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
