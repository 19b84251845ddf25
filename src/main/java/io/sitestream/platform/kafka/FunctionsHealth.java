package io.sitestream.platform.kafka;

import java.util.LinkedHashMap;
import java.util.Map;

import org.apache.kafka.common.Metric;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;

/**
 * How the functions of this process are: running or retrying, why, and how many records
 * behind. A function that retries makes this contributor DOWN; readiness is another
 * matter, since requests are answered all the same.
 */
final class FunctionsHealth implements HealthIndicator {

	private final FunctionBeans functions;

	private final FunctionContainers containers;

	FunctionsHealth(FunctionBeans functions, FunctionContainers containers) {
		this.functions = functions;
		this.containers = containers;
	}

	@Override
	public Health health() {
		Map<String, Object> details = new LinkedHashMap<>();
		boolean retrying = false;
		for (Map.Entry<String, BatchFunction> entry : this.functions.all().entrySet()) {
			Throwable failure = entry.getValue().failure();
			AbstractMessageListenerContainer<?, ?> container = this.containers.containers()
				.get(entry.getKey() + FunctionBeans.INPUT);
			Map<String, Object> function = new LinkedHashMap<>();
			function.put("state", state(failure != null, container != null && container.isRunning()));
			if (failure != null) {
				retrying = true;
				function.put("cause", failure.toString());
			}
			if (container != null) {
				function.put("lag", lag(container));
			}
			details.put(entry.getKey(), function);
		}
		return (retrying ? Health.down() : Health.up()).withDetails(details).build();
	}

	private static String state(boolean failed, boolean bound) {
		if (!bound) {
			return failed ? "STOPPED" : "UNBOUND";
		}
		return failed ? "RETRYING" : "RUNNING";
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
