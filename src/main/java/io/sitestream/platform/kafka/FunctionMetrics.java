package io.sitestream.platform.kafka;

import java.time.Instant;

import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.stereotype.Component;

/**
 * Counts what functions did: {@code sitestream.function.records}, {@code .deadletters}
 * and {@code .failures}, each with the tag {@code function}.
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
	 */
	void known(String function) {
		processed(function, 0, 0);
		this.registry.counter(PREFIX + "failures", "function", function);
	}

	void processed(String function, int records, int deadLetters) {
		this.registry.counter(PREFIX + "records", "function", function).increment(records);
		this.registry.counter(PREFIX + "deadletters", "function", function).increment(deadLetters);
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
