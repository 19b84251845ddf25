package io.sitestream.platform.kafka;

import java.util.LinkedHashMap;
import java.util.Map;

import io.sitestream.platform.Serving;
import org.apache.kafka.common.Metric;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;

/**
 * How the functions of this process are: running or retrying, why, and how many records
 * behind; those that are called, whether their last call failed. A function that retries
 * makes this contributor DOWN; readiness is another matter, since requests are answered
 * all the same.
 */
final class FunctionsHealth implements HealthIndicator {

	private final FunctionBeans functions;

	private final FunctionContainers containers;

	private final CalledFunctions calls;

	private final Serving serving;

	FunctionsHealth(FunctionBeans functions, FunctionContainers containers, CalledFunctions calls, Serving serving) {
		this.functions = functions;
		this.containers = containers;
		this.calls = calls;
		this.serving = serving;
	}

	@Override
	public Health health() {
		Map<String, Object> details = new LinkedHashMap<>();
		boolean retrying = false;
		boolean idle = false;
		for (Map.Entry<String, BatchFunction> entry : this.functions.all().entrySet()) {
			Throwable failure = this.serving.isCalled() ? this.calls.failure(entry.getKey())
					: entry.getValue().failure();
			AbstractMessageListenerContainer<?, ?> container = this.containers.containers()
				.get(entry.getKey() + FunctionBeans.INPUT);
			Map<String, Object> function = new LinkedHashMap<>();
			String state = state(failure != null, container);
			idle |= state.equals("STOPPED") || state.equals("PAUSED") || state.equals("UNBOUND");
			function.put("state", state);
			if (failure != null) {
				retrying = true;
				function.put("cause", failure.toString());
			}
			if (container != null) {
				function.put("lag", lag(container));
			}
			details.put(entry.getKey(), function);
		}
		return (retrying ? Health.down() : idle ? Health.outOfService() : Health.up()).withDetails(details).build();
	}

	private String state(boolean failed, @Nullable AbstractMessageListenerContainer<?, ?> container) {
		if (this.serving.isCalled()) {
			return failed ? "FAILING" : "CALLED";
		}
		if (container == null) {
			return "UNBOUND";
		}
		if (!container.isRunning()) {
			return "STOPPED";
		}
		// a redelivery pauses children only
		return container.isPauseRequested() ? "PAUSED" : failed ? "RETRYING" : "RUNNING";
	}

	/**
	 * The records that are known to follow, over all partitions; 0 before the first poll.
	 */
	private static long lag(AbstractMessageListenerContainer<?, ?> container) {
		double lag = 0;
		for (Map<?, ? extends Metric> metrics : container.metrics().values()) {
			for (Metric metric : metrics.values()) {
				if (metric.metricName().name().equals("records-lag") && metric.metricValue() instanceof Double value
						&& !value.isNaN()) {
					lag += value;
				}
			}
		}
		return (long) lag;
	}

}
