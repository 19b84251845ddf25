package io.sitestream.kvstore;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * The metrics of a store: {@code sitestream.kvstore.entries}, {@code .ready} (1 or 0),
 * {@code .quarantined} and the counters {@code .unreadable} and {@code .records}, each
 * with the tag {@code store}.
 */
final class StoreMetrics {

	private static final String PREFIX = "sitestream.kvstore.";

	private StoreMetrics() {
	}

	static void register(CompactedTopicStore<?> store, MeterRegistry meters) {
		StoreContents<?> contents = store.contents();
		Gauge.builder(PREFIX + "entries", contents, (found) -> found.entries().size())
			.tag("store", store.name())
			.description("Entries in memory")
			.register(meters);
		Gauge.builder(PREFIX + "ready", store, (found) -> found.isReady() ? 1 : 0)
			.tag("store", store.name())
			.description("Whether the topic was read to its end")
			.register(meters);
		Gauge.builder(PREFIX + "quarantined", contents, (found) -> found.quarantine().size())
			.tag("store", store.name())
			.description("Keys whose newest record cannot be read")
			.register(meters);
		FunctionCounter.builder(PREFIX + "unreadable", contents, (found) -> found.quarantine().total())
			.tag("store", store.name())
			.description("Records that could not be read since the start")
			.register(meters);
		FunctionCounter.builder(PREFIX + "records", store.reading(), StoreReplay::taken)
			.tag("store", store.name())
			.description("Records taken from the topic since the start, those of a checkpoint not counted")
			.register(meters);
	}

}
