package io.sitestream.site;

import io.sitestream.platform.RefusedStartException;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.stereotype.Component;

/**
 * Refuses to go back to the path {@code consumer} while changes wait for the stream: they
 * would be overtaken by newer ones, or never be seen.
 */
@Component
class WritePathCheck implements SmartInitializingSingleton {

	private final SiteProperties properties;

	private final SiteChanges changes;

	WritePathCheck(SiteProperties properties, SiteChanges changes) {
		this.properties = properties;
		this.changes = changes;
	}

	@Override
	public void afterSingletonsInstantiated() {
		long waiting = (this.properties.writePath() == WritePath.CONSUMER) ? this.changes.waiting() : 0;
		if (waiting > 0) {
			throw new RefusedStartException(
					"sitestream.site.write-path is consumer, but %d changes wait in site.changes: start with cdc until none is left."
						.formatted(waiting));
		}
	}

}
