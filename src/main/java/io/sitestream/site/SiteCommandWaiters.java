package io.sitestream.site;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import io.sitestream.platform.Consumed;

import org.springframework.stereotype.Component;

/**
 * The requests of this process that wait for what comes of their commands. An outcome
 * that is missed costs its request a 202, nothing else.
 */
@Component
class SiteCommandWaiters {

	private final Map<String, CompletableFuture<SiteCommandOutcome>> waiting = new ConcurrentHashMap<>();

	/**
	 * Registers a waiter; requests with the same command share it.
	 * @param commandId the command, not yet sent
	 * @return completes with the outcome
	 */
	CompletableFuture<SiteCommandOutcome> register(String commandId) {
		return this.waiting.computeIfAbsent(commandId, (id) -> new CompletableFuture<>());
	}

	void forget(String commandId) {
		this.waiting.remove(commandId);
	}

	void on(List<Consumed<SiteCommandOutcome>> outcomes) {
		for (Consumed<SiteCommandOutcome> record : outcomes) {
			CompletableFuture<SiteCommandOutcome> waiter = this.waiting.remove(record.key());
			if (waiter != null && record.value() != null) {
				waiter.complete(record.value());
			}
		}
	}

}
