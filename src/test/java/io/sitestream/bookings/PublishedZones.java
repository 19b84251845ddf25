package io.sitestream.bookings;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

import io.sitestream.TopicProbe;
import io.sitestream.kvstore.ReferenceInstance;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The topic {@code time-zones} as another system sees it.
 *
 * @param probe reads and writes the topics
 */
record PublishedZones(TopicProbe probe) {

	void addCountry(String code) {
		this.probe.send("countries", code, "{\"code\":\"%s\",\"name\":\"%s\"}".formatted(code, code));
	}

	void await(String... zones) {
		Awaitility.await()
			.atMost(ReferenceInstance.PATIENCE)
			.untilAsserted(() -> assertThat(present()).containsExactly(zones));
	}

	private Set<String> present() {
		Set<String> present = new TreeSet<>();
		for (ConsumerRecord<byte[], byte[]> record : this.probe.committed("time-zones")) {
			if (record.value() != null) {
				present.add(key(record));
			}
			else {
				present.remove(key(record));
			}
		}
		return present;
	}

	static String key(ConsumerRecord<byte[], byte[]> record) {
		return new String(record.key(), StandardCharsets.UTF_8);
	}

}
