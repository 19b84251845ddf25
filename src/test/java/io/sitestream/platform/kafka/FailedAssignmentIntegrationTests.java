package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.sitestream.SitestreamApplication;
import io.sitestream.SitestreamTest;
import io.sitestream.TopicProbe;
import io.sitestream.platform.Edge;
import io.sitestream.platform.PartitionLog;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.Replay;
import io.sitestream.platform.Topic;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.Message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A broker that goes away just when a replay asks it where its partitions end.
 */
@SitestreamTest(modules = "business",
		classes = { SitestreamApplication.class, FailedAssignmentIntegrationTests.Functions.class },
		properties = { "spring.cloud.function.definition=listNames",
				"spring.cloud.stream.bindings.listNames-in-0.destination=${sitestream.topics.prefix}names" })
class FailedAssignmentIntegrationTests {

	private static final Topic<String> NAMES = Topic.compacted("names", String.class, 2);

	@Autowired
	Names names;

	@Value("${spring.kafka.bootstrap-servers}")
	String brokers;

	@Value("${sitestream.topics.prefix}")
	String prefix;

	@Test
	void anAssignmentThatFailsIsMadeOnceMore() {
		try (TopicProbe probe = new TopicProbe(this.brokers, this.prefix)) {
			probe.put("names", "a", "\"A\"");
			probe.put("names", "b", "\"B\"");
			probe.put("names", "c", "\"C\"");

			await().atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(this.names.read).contains("a", "b", "c"));
		}
		assertThat(this.names.assignments.get()).isGreaterThanOrEqualTo(3);
	}

	/**
	 * A replay that fails at its first two assignments and reads nothing before one that
	 * succeeds.
	 */
	static final class Names implements Replay {

		final AtomicInteger assignments = new AtomicInteger();

		final List<String> read = new CopyOnWriteArrayList<>();

		@Override
		public void assigned(PartitionLog log) {
			if (this.assignments.incrementAndGet() < 3) {
				throw new TimeoutException("The broker does not say where the topic ends.");
			}
			log.partitions().forEach((partition) -> log.seek(partition, log.beginningOffset(partition)));
		}

		@Override
		public void on(List<RawRecord> records) {
			if (this.assignments.get() >= 3) {
				records.forEach((record) -> this.read.add(record.keyText()));
			}
		}

	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Functions {

		@Bean
		Names names() {
			return new Names();
		}

		@Bean
		Consumer<Message<List<RawRecord>>> listNames(Edge edge, Names names) {
			return edge.from(NAMES).replay(names);
		}

	}

}
