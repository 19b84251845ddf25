package io.sitestream.site;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.sitestream.platform.Emission;
import io.sitestream.platform.Emitter;
import io.sitestream.platform.Preferences;

/**
 * Write path {@code consumer}: appends commands to the log, which is when they are
 * accepted, and waits for what comes of them without holding a thread.
 */
final class LogRoute implements CommandRoute {

	private final Emitter emitter;

	private final SiteCommandWaiters waiters;

	LogRoute(Emitter emitter, SiteCommandWaiters waiters) {
		this.emitter = emitter;
		this.waiters = waiters;
	}

	@Override
	public CompletableFuture<Optional<SiteCommandOutcome>> submit(SiteCommand command, Preferences preferences) {
		String commandId = command.commandId();
		Emission emission = Emission.of(SiteTopics.SITE_COMMANDS, command.siteId(), command);
		if (preferences.respondAsync()) {
			this.emitter.emit(emission);
			return CompletableFuture.completedFuture(Optional.empty());
		}
		CompletableFuture<Optional<SiteCommandOutcome>> outcome = this.waiters.register(commandId,
				command.fingerprint());
		try {
			this.emitter.emit(emission);
		}
		catch (RuntimeException ex) {
			this.waiters.forget(commandId, outcome);
			throw ex;
		}
		return outcome.copy()
			.completeOnTimeout(Optional.empty(), preferences.patienceOrDefault().toMillis(), TimeUnit.MILLISECONDS)
			.whenComplete((answer, failure) -> this.waiters.forget(commandId, outcome));
	}

}
