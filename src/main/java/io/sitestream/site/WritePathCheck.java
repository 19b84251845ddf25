package io.sitestream.site;

import io.sitestream.platform.RefusedStartException;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Refuses to go back to the path {@code consumer} while changes wait for the stream: they
 * would be overtaken by newer ones, or never be seen. Asks before anything is started,
 * and not when the context is only made, as in a training run without servers.
 */
@Component
class WritePathCheck implements SmartLifecycle {

	private final SiteProperties properties;

	private final SiteChanges changes;

	private volatile boolean passed;

	WritePathCheck(SiteProperties properties, SiteChanges changes) {
		this.properties = properties;
		this.changes = changes;
	}

	@Override
	public void start() {
		long waiting = (this.properties.writePath() == WritePath.CONSUMER) ? this.changes.waiting() : 0;
		if (waiting > 0) {
			throw new RefusedStartException(
					"sitestream.site.write-path is consumer, but %d changes wait in site.changes: start with cdc until none is left."
						.formatted(waiting));
		}
		this.passed = true;
	}

	@Override
	public void stop() {
		this.passed = false;
	}

	@Override
	public boolean isRunning() {
		return this.passed;
	}

	@Override
	public int getPhase() {
		return Integer.MIN_VALUE;
	}

}
