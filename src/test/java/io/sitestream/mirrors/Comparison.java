package io.sitestream.mirrors;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.sitestream.ApiClient;
import io.sitestream.TopicProbe;
import io.sitestream.mirrors.WrittenSites.Written;
import org.apache.kafka.clients.consumer.ConsumerRecord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Whether two data centres have the same.
 */
final class Comparison {

	static final Duration PATIENCE = Duration.ofSeconds(90);

	private Comparison() {
	}

	/**
	 * Waits until one has what the other has: the same records in the same order, each
	 * once.
	 * @param topic the topic
	 * @param from where it is written
	 * @param to where its mirror is
	 */
	static void awaitMirrored(String topic, DataCentre from, DataCentre to) {
		try (TopicProbe source = from.probe(); TopicProbe target = to.probe()) {
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(inOrder(target.committed(topic))).as(topic)
					.isNotEmpty()
					.isEqualTo(inOrder(source.committed(topic))));
		}
	}

	/**
	 * Asserts that readers answer the same, by site and by app.
	 * @param expected a reader
	 * @param actual another reader
	 * @param sites all sites that there are
	 */
	static void assertEqualSites(ApiClient expected, ApiClient actual, List<Written> sites) {
		String ids = "{\"siteIds\":[%s]}"
			.formatted(sites.stream().map((site) -> '"' + site.siteId() + '"').collect(Collectors.joining(",")));
		assertThat(actual.post("/api/installed-apps/by-site", ids).json())
			.isEqualTo(expected.post("/api/installed-apps/by-site", ids).json());
		for (int app = 0; app < WrittenSites.APPS; app++) {
			String path = "/api/installed-apps/by-app/app-%d?limit=1000".formatted(app);
			assertThat(actual.get(path).json()).isEqualTo(expected.get(path).json());
		}
	}

	private static Map<Integer, List<String>> inOrder(List<ConsumerRecord<byte[], byte[]>> records) {
		return records.stream()
			.collect(Collectors.groupingBy(ConsumerRecord::partition,
					Collectors.mapping(Comparison::describe, Collectors.toList())));
	}

	private static String describe(ConsumerRecord<byte[], byte[]> record) {
		return "%s=%s %s %s".formatted(new String(record.key(), StandardCharsets.UTF_8),
				(record.value() != null) ? TopicProbe.value(record) : "tombstone",
				Arrays.toString(record.headers().toArray()), record.timestamp());
	}

}
