package io.sitestream.site.cdc;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.sitestream.ApiClient;
import io.sitestream.SitestreamTest;
import io.sitestream.TestServers;
import io.sitestream.TopicProbe;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Measures how long a change takes from the commit, which the answer tells, until a
 * reader of committed records has it. The clock fails nothing; the numbers are in this
 * test's output. 200 changes, or with {@code -P long} 3,000.
 */
@SitestreamTest(modules = "site", properties = "sitestream.site.write-path=cdc")
class ChangeLatencyIntegrationTests {

	private static final Logger log = LoggerFactory.getLogger(ChangeLatencyIntegrationTests.class);

	private static final int CHANGES = Boolean.getBoolean("sitestream.test.long") ? 3_000 : 200;

	@LocalServerPort
	int port;

	@Value("${sitestream.topics.prefix}")
	String prefix;

	@Test
	void tellsHowLongAChangeTakesToTheTopic() {
		ApiClient api = new ApiClient(this.port);
		Map<String, Long> committed = new ConcurrentHashMap<>();
		List<Double> millis = new ArrayList<>();
		try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
				Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, TestServers.kafka().address(),
						ConsumerConfig.GROUP_ID_CONFIG, this.prefix + "latency",
						ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest", ConsumerConfig.ISOLATION_LEVEL_CONFIG,
						"read_committed"),
				new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
			consumer.subscribe(List.of(this.prefix + "site-metadata"));
			api.post("/api/sites", "{\"siteId\":\"timed\",\"ownerId\":\"ann\",\"name\":\"T\"}");
			Thread.ofPlatform().start(() -> {
				for (int version = 2; version <= CHANGES + 1; version++) {
					api.put("/api/sites/timed/apps/chat", "{\"version\":\"1\"}");
					committed.put(Integer.toString(version), System.nanoTime());
				}
			});
			long deadline = System.nanoTime() + Duration.ofMinutes(5).toNanos();
			while (millis.size() < CHANGES && System.nanoTime() < deadline) {
				consumer.poll(Duration.ofMillis(100)).forEach((record) -> {
					long seen = System.nanoTime();
					String version = TopicProbe.header(record, "ce_siteversion");
					if (new String(record.key(), StandardCharsets.UTF_8).equals("timed") && !version.equals("1")) {
						// it may be there before its answer
						millis.add(Math.max(0, (seen - committed.getOrDefault(version, seen)) / 1e6));
					}
				});
			}
		}
		millis.sort(null);

		assertThat(millis).hasSize(CHANGES);
		log.warn("{} changes from commit to reader: median {} ms, 99 % {} ms", CHANGES,
				Math.round(millis.get(millis.size() / 2)), Math.round(millis.get(millis.size() * 99 / 100)));
	}

}
