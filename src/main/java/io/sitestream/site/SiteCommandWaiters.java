package io.sitestream.site;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.sitestream.platform.Consumed;
import org.jspecify.annotations.Nullable;

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

	private final Map<String, Set<Waiter>> waiting = new ConcurrentHashMap<>();

	private volatile boolean running;

	/**
	 * Registers a waiter. Requests with the same command have one each, so that none ends
	 * the waiting of another.
	 * @param commandId the command, not yet sent
	 * @param fingerprint the request's: an outcome of another request with the same
	 * idempotency key is not for it
	 * @return completes with the outcome, or with none when this process ends before
	 */
	CompletableFuture<Optional<SiteCommandOutcome>> register(String commandId, @Nullable String fingerprint) {
		Waiter waiter = new Waiter(fingerprint, new CompletableFuture<>());
		this.waiting.compute(commandId, (id, waiters) -> {
			Set<Waiter> all = (waiters != null) ? waiters : ConcurrentHashMap.newKeySet();
			all.add(waiter);
			return all;
		});
		if (!this.running) {
			waiter.sayFarewell();
		}
		return waiter.outcome();
	}

	void forget(String commandId, CompletableFuture<Optional<SiteCommandOutcome>> waiter) {
		this.waiting.computeIfPresent(commandId, (id, waiters) -> {
			waiters.removeIf((one) -> one.outcome() == waiter);
			return waiters.isEmpty() ? null : waiters;
		});
	}

	void on(List<Consumed<SiteCommandOutcome>> outcomes) {
		for (Consumed<SiteCommandOutcome> record : outcomes) {
			SiteCommandOutcome outcome = record.value();
			if (outcome != null) {
				// answered outside of the map, since an answered request forgets its
				// waiter
				take(record.key(), outcome).forEach((waiter) -> waiter.outcome().complete(Optional.of(outcome)));
			}
		}
	}

	private List<Waiter> take(String commandId, SiteCommandOutcome outcome) {
		List<Waiter> taken = new ArrayList<>();
		this.waiting.computeIfPresent(commandId, (id, waiters) -> {
			waiters.removeIf((waiter) -> outcome.isOf(waiter.fingerprint()) && taken.add(waiter));
			return waiters.isEmpty() ? null : waiters;
		});
		return taken;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		this.waiting.values().forEach((waiters) -> waiters.forEach(Waiter::sayFarewell));
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/**
	 * A request that waits.
	 *
	 * @param fingerprint the request's, or {@code null} without an idempotency key
	 * @param outcome what it waits for
	 */
	private record Waiter(@Nullable String fingerprint, CompletableFuture<Optional<SiteCommandOutcome>> outcome) {

		void sayFarewell() {
			this.outcome.completeOnTimeout(Optional.empty(), FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
		}

	}

}
