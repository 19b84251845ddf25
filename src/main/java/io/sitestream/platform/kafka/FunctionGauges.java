package io.sitestream.platform.kafka;

import java.util.EnumSet;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * What functions do and how far they are: {@code sitestream.function.state}, 1 for the
 * state that its tag {@code state} names and else 0, and {@code sitestream.function.lag},
 * NaN while Kafka does not say, each with the tag {@code function}. Called functions have
 * neither.
 */
final class FunctionGauges implements MeterBinder {

	private final FunctionStates states;

	private final FunctionLags lags;

	FunctionGauges(FunctionStates states, FunctionLags lags) {
		this.states = states;
		this.lags = lags;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		if (!this.states.areCalled()) {
			this.states.functions().keySet().forEach((function) -> bind(function, registry));
		}
	}

	private void bind(String function, MeterRegistry registry) {
		Gauge.builder("sitestream.function.lag", this.lags, (asked) -> lag(asked, function))
			.tag("function", function)
			.description("Records behind, in the partitions that nobody else reads")
			.register(registry);
		EnumSet.range(FunctionState.RUNNING, FunctionState.UNBOUND)
			.forEach((state) -> Gauge
				.builder("sitestream.function.state", this.states, (now) -> (now.of(function) == state) ? 1 : 0)
				.tag("function", function)
				.tag("state", state.name())
				.description("Whether the function is in this state")
				.register(registry));
	}

	private static double lag(FunctionLags lags, String function) {
		FunctionLag lag = lags.now().get(function);
		return (lag != null && lag.isKnown()) ? lag.records() : Double.NaN;
	}

}
