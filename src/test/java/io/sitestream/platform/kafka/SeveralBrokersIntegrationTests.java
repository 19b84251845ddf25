package io.sitestream.platform.kafka;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import io.sitestream.SitestreamApplication;
import io.sitestream.TopicProbe;
import io.sitestream.servers.LocalKafkaCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The edge on three brokers, of which one after the other stops and comes back while
 * transactions are under way.
 */
class SeveralBrokersIntegrationTests {

	private static final int WORDS = 3_000;

	@Test
	void losesNothingAndDoublesNothingWhileLeadersAndCoordinatorsMove(@TempDir Path folder) {
		try (LocalKafkaCluster kafka = new LocalKafkaCluster(folder).start();
				ConfigurableApplicationContext application = application(kafka.addresses());
				TopicProbe probe = new TopicProbe(kafka.addresses(), "several-")) {
			int sent = 0;
			for (int node : new int[] { 1, 2 }) {
				sent = send(probe, sent, sent + WORDS / 4);
				kafka.node(node).stop();
				sent = send(probe, sent, sent + WORDS / 4);
				awaitCopies(probe, sent);
				kafka.node(node).start();
			}

			awaitCopies(probe, sent);
			assertThat(probe.committedValues("copies")).hasSize(WORDS).isEqualTo(words(WORDS));
			assertThat(application.isRunning()).isTrue();
		}
	}

	private static ConfigurableApplicationContext application(String servers) {
		return new SpringApplicationBuilder(SitestreamApplication.class, WordFunctions.class).run(
				"--sitestream.modules=ticketing", "--sitestream.security.mode=open", "--server.port=0",
				"--sitestream.topics.prefix=several-", "--sitestream.instance-id=" + UUID.randomUUID(),
				"--spring.kafka.bootstrap-servers=" + servers,
				"--spring.cloud.function.definition=copyWords;shoutWords",
				"--spring.cloud.stream.bindings.copyWords-in-0.destination=several-words",
				"--spring.cloud.stream.bindings.copyWords-in-0.group=several-copy-words",
				"--spring.cloud.stream.kafka.bindings.copyWords-in-0.consumer.transaction-manager=lossyTransactionManager",
				"--spring.cloud.stream.bindings.shoutWords-in-0.destination=several-calls",
				"--spring.cloud.stream.bindings.shoutWords-in-0.group=several-shout-words");
	}

	private static int send(TopicProbe probe, int from, int to) {
		for (int i = from; i < to; i++) {
			probe.send("words", "k", "{\"text\":\"%d\"}".formatted(i));
			if (i % 50 == 0) {
				probe.flush();
			}
		}
		probe.flush();
		return to;
	}

	private static void awaitCopies(TopicProbe probe, int count) {
		await().atMost(Duration.ofSeconds(90))
			.pollInterval(Duration.ofMillis(500))
			.untilAsserted(() -> assertThat(probe.committedValues("copies")).hasSizeGreaterThanOrEqualTo(count));
	}

	private static List<String> words(int count) {
		return IntStream.range(0, count).mapToObj("{\"text\":\"%d\"}"::formatted).toList();
	}

}
