package io.sitestream.platform.kafka;

import java.time.Instant;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

import org.springframework.stereotype.Component;

/**
 * Counts what functions did: {@code sitestream.function.records}, {@code .deadletters},
 * {@code .shortened} (dead letters that have less than all of their record),
 * {@code .failures} and {@code .stalls} (how often a partition was stalled at a record
 * that could not be kept), each with the tag {@code function}, and {@code .stalled}, how
 * many partitions are.
 */
@Component
class FunctionMetrics {

	private static final String PREFIX = "sitestream.function.";

	private final MeterRegistry registry;

	FunctionMetrics(MeterRegistry registry) {
		this.registry = registry;
	}

	/**
	 * Makes the counters of a function before anything is counted, so that a dashboard
	 * shows 0.
	 * @param function the function
	 * @param stalls its stalled partitions
	 */
	void known(String function, StalledPartitions stalls) {
		processed(function, 0, 0);
		shortened(function, 0);
		this.registry.counter(PREFIX + "stalls", "function", function);
		this.registry.gauge(PREFIX + "stalled", Tags.of("function", function), stalls, StalledPartitions::count);
		this.registry.counter(PREFIX + "failures", "function", function);
	}

	void processed(String function, int records, int deadLetters) {
		this.registry.counter(PREFIX + "records", "function", function).increment(records);
		this.registry.counter(PREFIX + "deadletters", "function", function).increment(deadLetters);
	}

	void shortened(String function, int deadLetters) {
		this.registry.counter(PREFIX + "shortened", "function", function).increment(deadLetters);
	}

	void stalled(String function) {
		this.registry.counter(PREFIX + "stalls", "function", function).increment();
	}

	/**
	 * Counts a failure.
	 * @param function the function
	 * @return when it was
	 */
	Instant failed(String function) {
		this.registry.counter(PREFIX + "failures", "function", function).increment();
		return Instant.ofEpochMilli(this.registry.config().clock().wallTime());
	}

}
