package io.sitestream.projection.reading;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts what the near cache does: {@code sitestream.projection.near_cache.hits},
 * {@code .misses}, {@code .invalidations}, {@code .drops} and the gauge {@code .bytes}.
 */
final class ReadMetrics {

	private static final String PREFIX = "sitestream.projection.near_cache.";

	private final LongAdder hits = new LongAdder();

	private final LongAdder misses = new LongAdder();

	private final LongAdder invalidations = new LongAdder();

	private final LongAdder drops = new LongAdder();

	void register(MeterRegistry meters, LongSupplier bytes) {
		count(meters, "hits", this.hits, "Questions answered from memory");
		count(meters, "misses", this.misses, "Questions that Redis was asked");
		count(meters, "invalidations", this.invalidations, "Keys that Redis said have changed");
		count(meters, "drops", this.drops,
				"Times that everything was forgotten, with the connection that told changes");
		Gauge.builder(PREFIX + "bytes", bytes, LongSupplier::getAsLong)
			.baseUnit("bytes")
			.description("Memory that answers take")
			.register(meters);
	}

	void asked(int hits, int misses) {
		this.hits.add(hits);
		this.misses.add(misses);
	}

	void invalidated(int keys) {
		this.invalidations.add(keys);
	}

	void dropped() {
		this.drops.increment();
	}

	private static void count(MeterRegistry meters, String name, LongAdder counted, String description) {
		FunctionCounter.builder(PREFIX + name, counted, LongAdder::sum).description(description).register(meters);
	}

}
