package io.sitestream.platform.kafka;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * How the functions of this process are: what they do, what they retry, why, and since
 * when, and how many records behind they are; those that are called, whether their last
 * call failed. A function that retries makes this contributor DOWN, one that was stopped
 * or paused, or is not bound yet, OUT_OF_SERVICE, and a Kafka that does not say how far
 * they are UNKNOWN; readiness is another matter, since requests are answered all the
 * same.
 */
final class FunctionsHealth implements HealthIndicator {

	private final FunctionStates states;

	private final CalledFunctions calls;

	private final FunctionLags lags;

	FunctionsHealth(FunctionStates states, CalledFunctions calls, FunctionLags lags) {
		this.states = states;
		this.calls = calls;
		this.lags = lags;
	}

	@Override
	public Health health() {
		Map<String, FunctionLag> behind = this.states.areCalled() ? Map.of() : this.lags.now();
		Map<String, Object> details = new LinkedHashMap<>();
		boolean failing = false;
		boolean out = false;
		for (Map.Entry<String, BatchFunction> entry : this.states.functions().entrySet()) {
			Map<String, Object> function = describe(entry.getKey(), entry.getValue(), behind.get(entry.getKey()));
			failing |= function.containsKey("cause") || function.containsKey("stalled");
			out |= ((FunctionState) function.get("state")).isOut();
			details.put(entry.getKey(), function);
		}
		boolean known = behind.values().stream().allMatch(FunctionLag::isKnown);
		return (failing ? Health.down() : out ? Health.outOfService() : known ? Health.up() : Health.unknown())
			.withDetails(details)
			.build();
	}

	private Map<String, Object> describe(String name, BatchFunction function, @Nullable FunctionLag lag) {
		Map<String, Object> told = new LinkedHashMap<>();
		told.put("state", this.states.of(name));
		Throwable failure = this.calls.failure(name);
		Optional<Retries.Retry> retry = function.progress().retry();
		if (failure != null) {
			told.put("cause", failure.toString());
		}
		else if (retry.isPresent()) {
			told.put("cause", retry.get().cause().toString());
			told.put("since", retry.get().since());
			if (!retry.get().position().isEmpty()) {
				told.put("position", retry.get().position());
			}
		}
		if (function.stalls().count() > 0) {
			told.put("stalled", function.stalls().all());
		}
		if (lag != null) {
			told.put(lag.isKnown() ? "lag" : "lagUnknown", lag.isKnown() ? lag.records() : lag.unknown());
		}
		return told;
	}

}
