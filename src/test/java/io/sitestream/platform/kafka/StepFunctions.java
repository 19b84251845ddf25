package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.sitestream.platform.Consumed;
import io.sitestream.platform.Edge;
import io.sitestream.platform.Emission;
import io.sitestream.platform.PartitionListener;
import io.sitestream.platform.PartitionLog;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.Topic;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.Message;

/**
 * Two functions with the same six partitions of input, whose owners can be watched:
 * {@code climbSteps} writes a compacted topic and so has transactions, {@code countSteps}
 * has none.
 */
@TestConfiguration(proxyBeanMethods = false)
class StepFunctions {

	static final int PARTITIONS = 6;

	static final Topic<Step> STEPS = Topic.retained("steps", Step.class, PARTITIONS, Duration.ofDays(1));

	static final Topic<Step> CLIMBED = Topic.compacted("climbed", Step.class, 1);

	static final Topic<Step> COUNTED = Topic.retained("counted", Step.class, 1, Duration.ofDays(1));

	@Bean
	Owner climbing(@Value("${test.failing-assignments:0}") int failing) {
		return new Owner(CLIMBED, failing);
	}

	@Bean
	Owner counting() {
		return new Owner(COUNTED, 0);
	}

	@Bean
	Consumer<Message<List<RawRecord>>> climbSteps(Edge edge, @Qualifier("climbing") Owner owner) {
		return edge.from(STEPS).to(CLIMBED).partitions(owner).emitting(owner::on);
	}

	@Bean
	Consumer<Message<List<RawRecord>>> countSteps(Edge edge, @Qualifier("counting") Owner owner) {
		return edge.from(STEPS).to(COUNTED).partitions(owner).emitting(owner::on);
	}

	record Step(long number) {

	}

	/**
	 * Passes steps on, and remembers which partitions came and went and how many steps
	 * each had.
	 */
	static final class Owner implements PartitionListener {

		final ConcurrentLinkedQueue<Integer> assigned = new ConcurrentLinkedQueue<>();

		final ConcurrentLinkedQueue<Integer> revoked = new ConcurrentLinkedQueue<>();

		private final Set<Integer> owned = ConcurrentHashMap.newKeySet();

		private final Map<Integer, Integer> steps = new ConcurrentHashMap<>();

		private final Topic<Step> output;

		private final AtomicInteger failing;

		Owner(Topic<Step> output, int failing) {
			this.output = output;
			this.failing = new AtomicInteger(failing);
		}

		List<Emission> on(List<Consumed<Step>> steps) {
			steps.forEach((step) -> this.steps.merge(step.position().partition(), 1, Integer::sum));
			return steps.stream().map((step) -> Emission.of(this.output, step.key(), step.required())).toList();
		}

		Set<Integer> owned() {
			return new TreeSet<>(this.owned);
		}

		/**
		 * How many steps the partitions have had.
		 * @param partitions the partitions
		 * @return the numbers by partition
		 */
		Map<Integer, Integer> steps(Set<Integer> partitions) {
			return partitions.stream()
				.collect(Collectors.toMap((partition) -> partition,
						(partition) -> this.steps.getOrDefault(partition, 0)));
		}

		@Override
		public void assigned(PartitionLog log) {
			if (this.failing.getAndDecrement() > 0) {
				throw new IllegalStateException("Not yet.");
			}
			this.assigned.addAll(log.partitions());
			this.owned.addAll(log.partitions());
		}

		@Override
		public void revoked(String topic, Set<Integer> partitions) {
			this.revoked.addAll(partitions);
			this.owned.removeAll(partitions);
		}

	}

}
