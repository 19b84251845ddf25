package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.jspecify.annotations.Nullable;

/**
 * Knows whether consumers get answers from Kafka. A consumer whose brokers are away polls
 * nothing, too, and believes the end of its partitions to be where it was. One that is at
 * the end fetches about twice a second, and each answer is counted. Safe for use by
 * several threads.
 */
final class FetchWatch {

	private static final long PATIENCE_NANOS = Duration.ofSeconds(3).toNanos();

	private final Map<Consumer<?, ?>, Fetches> known = Collections.synchronizedMap(new WeakHashMap<>());

	/**
	 * Whether a consumer was answered in the last three seconds.
	 * @param consumer the consumer, on whose thread this is called, about once a second
	 * @return false, too, when it has never been answered
	 */
	boolean isAnswered(Consumer<?, ?> consumer) {
		double total = total(consumer);
		long now = System.nanoTime();
		Fetches before = this.known.get(consumer);
		if (total > ((before != null) ? before.total() : 0)) {
			this.known.put(consumer, new Fetches(total, now));
			return true;
		}
		return before != null && now - before.answered() < PATIENCE_NANOS;
	}

	private static double total(Consumer<?, ?> consumer) {
		return consumer.metrics()
			.values()
			.stream()
			.filter((metric) -> metric.metricName().name().equals("fetch-total"))
			.map(Metric::metricValue)
			.mapToDouble(FetchWatch::number)
			.sum();
	}

	private static double number(@Nullable Object value) {
		return (value instanceof Double number && !number.isNaN()) ? number : 0;
	}

	/**
	 * What was seen of a consumer.
	 *
	 * @param total how many fetches had been answered
	 * @param answered when the newest of them was seen, in nanoseconds
	 */
	private record Fetches(double total, long answered) {

	}

}
