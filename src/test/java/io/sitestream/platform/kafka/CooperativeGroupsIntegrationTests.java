package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

import io.sitestream.SitestreamApplication;
import io.sitestream.SitestreamTest;
import io.sitestream.TopicProbe;
import io.sitestream.platform.kafka.StepFunctions.Owner;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A second process joins the groups of the first, whose first assignment it cannot take,
 * and leaves them, while steps come in steadily.
 */
@SitestreamTest(modules = "ticketing", classes = { SitestreamApplication.class, StepFunctions.class }, properties = {
		"spring.cloud.function.definition=climbSteps;countSteps",
		"spring.cloud.stream.bindings.climbSteps-in-0.destination=${sitestream.topics.prefix}steps",
		"spring.cloud.stream.bindings.climbSteps-in-0.group=${sitestream.topics.prefix}climb-steps",
		"spring.cloud.stream.kafka.bindings.climbSteps-in-0.consumer.transaction-manager=climbStepsTransactionManager",
		"spring.cloud.stream.bindings.countSteps-in-0.destination=${sitestream.topics.prefix}steps",
		"spring.cloud.stream.bindings.countSteps-in-0.group=${sitestream.topics.prefix}count-steps" })
class CooperativeGroupsIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final int KEYS = 60;

	@Autowired
	@Qualifier("climbing")
	Owner climbing;

	@Autowired
	@Qualifier("counting")
	Owner counting;

	@Autowired
	Environment environment;

	@Test
	void partitionsThatStayAreNeverTakenAwayAndEachStepIsClimbedOnce() {
		AtomicLong sent = new AtomicLong();
		try (TopicProbe probe = new TopicProbe(property("spring.kafka.bootstrap-servers"),
				property("sitestream.topics.prefix"));
				ScheduledExecutorService walker = Executors.newSingleThreadScheduledExecutor()) {
			List<Owner> first = List.of(this.climbing, this.counting);
			await().atMost(PATIENCE)
				.until(() -> first.stream().allMatch((owner) -> owner.owned().size() == StepFunctions.PARTITIONS));
			walker.scheduleAtFixedRate(() -> send(probe, sent.getAndIncrement()), 0, 2, TimeUnit.MILLISECONDS);

			try (ConfigurableApplicationContext joining = start("test.failing-assignments=1")) {
				for (Owner owner : first) {
					String bean = (owner == this.climbing) ? "climbing" : "counting";
					assertThatHalfMovesTo(joining.getBean(bean, Owner.class), owner);
				}
			}
			first.forEach(CooperativeGroupsIntegrationTests::assertThatItComesBack);
			walker.shutdown();
			await().atMost(PATIENCE).until(walker::isTerminated);
			probe.flush();

			List<Long> all = LongStream.range(0, sent.get()).boxed().toList();
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(numbers(probe, "climbed")).hasSize(all.size()));
			assertThat(numbers(probe, "climbed")).containsExactlyInAnyOrderElementsOf(all);
			assertThatEachKeyIsInOrder(probe);
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(numbers(probe, "counted")).containsAll(all));
		}
	}

	private static void assertThatHalfMovesTo(Owner joining, Owner staying) {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(joining.owned()).hasSize(StepFunctions.PARTITIONS / 2));
		Set<Integer> kept = staying.owned();
		assertThat(staying.revoked).containsExactlyInAnyOrderElementsOf(joining.owned());
		assertThat(kept).hasSize(StepFunctions.PARTITIONS / 2).doesNotContainAnyElementsOf(joining.owned());
		assertThat(staying.assigned).as("each came once").hasSize(StepFunctions.PARTITIONS);
		Map<Integer, Integer> before = staying.steps(kept);
		Map<Integer, Integer> there = joining.steps(joining.owned());
		await().atMost(PATIENCE).untilAsserted(() -> {
			staying.steps(kept).forEach((partition, steps) -> assertThat(steps).isGreaterThan(before.get(partition)));
			joining.steps(joining.owned())
				.forEach((partition, steps) -> assertThat(steps).isGreaterThan(there.get(partition)));
		});
	}

	private static void assertThatItComesBack(Owner staying) {
		await().atMost(PATIENCE).until(() -> staying.owned().size() == StepFunctions.PARTITIONS);
		assertThat(staying.revoked).hasSize(StepFunctions.PARTITIONS / 2);
		assertThat(staying.assigned).hasSize(StepFunctions.PARTITIONS + StepFunctions.PARTITIONS / 2);
	}

	private static void assertThatEachKeyIsInOrder(TopicProbe probe) {
		Map<String, List<Long>> byKey = new TreeMap<>();
		probe.committed("climbed")
			.forEach((record) -> byKey.computeIfAbsent(new String(record.key()), (key) -> new ArrayList<>())
				.add(number(TopicProbe.value(record))));
		assertThat(byKey).hasSize(KEYS);
		byKey.forEach((key, numbers) -> assertThat(numbers).as(key).isSorted());
	}

	private ConfigurableApplicationContext start(String property) {
		Map<String, String> all = new LinkedHashMap<>();
		for (String name : List.of("sitestream.topics.prefix", "sitestream.security.mode",
				"spring.kafka.bootstrap-servers", "spring.cloud.function.definition",
				"spring.cloud.stream.bindings.climbSteps-in-0.destination",
				"spring.cloud.stream.bindings.climbSteps-in-0.group",
				"spring.cloud.stream.kafka.bindings.climbSteps-in-0.consumer.transaction-manager",
				"spring.cloud.stream.bindings.countSteps-in-0.destination",
				"spring.cloud.stream.bindings.countSteps-in-0.group")) {
			all.put(name, property(name));
		}
		all.put("sitestream.modules", "ticketing");
		all.put("sitestream.instance-id", "joining");
		all.put("server.port", "0");
		List<String> arguments = new ArrayList<>(List.of("--" + property));
		all.forEach((name, value) -> arguments.add("--" + name + "=" + value));
		return new SpringApplicationBuilder(SitestreamApplication.class, StepFunctions.class)
			.bannerMode(Banner.Mode.OFF)
			.run(arguments.toArray(String[]::new));
	}

	private static void send(TopicProbe probe, long number) {
		probe.send("steps", "key-" + number % KEYS, "{\"number\":%d}".formatted(number));
	}

	private static List<Long> numbers(TopicProbe probe, String topic) {
		return probe.committedValues(topic).stream().map(CooperativeGroupsIntegrationTests::number).toList();
	}

	private static long number(String value) {
		return Long.parseLong(value.replaceAll("\\D", ""));
	}

	private String property(String name) {
		return this.environment.getRequiredProperty(name);
	}

}
