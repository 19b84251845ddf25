package io.sitestream.notification;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;

import io.sitestream.SitestreamTest;
import io.sitestream.TopicProbe;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Notifications that another service wrote.
 */
@SitestreamTest(modules = "notification", properties = "sitestream.notification.log-entries=50")
class ForeignNotificationsIntegrationTests {

	@LocalServerPort
	int port;

	@Value("${spring.kafka.bootstrap-servers}")
	String brokers;

	@Value("${sitestream.topics.prefix}")
	String prefix;

	final String channel = Announcer.newChannel();

	@ParameterizedTest
	@ValueSource(strings = { "9007199254740993.12", "1e400", "-0.0", "\"\\u0041\\/ ä\"", "null",
			"{ \"b\" : 1.10 ,\n\t\"a\":[1E+2, 123456789012345678901234567890] }" })
	void passesBodiesOnByteForByte(String body) {
		try (TopicProbe probe = probe();
				StompTestClient client = StompTestClient.connect(this.port, "ada").subscribe(this.channel)) {
			probe.put("notifications", this.channel, notification(this.channel, "\"sequence\":1", body));

			assertThat(client.awaitMessages(1).getFirst().body()).isEqualTo(body);
		}
	}

	@Test
	void keepsAsDeadLetterWhatHasNoSequenceOrSpeaksOfAnotherChannel() {
		try (TopicProbe probe = probe()) {
			for (int i = 0; i < 5; i++) {
				probe.send("notifications", this.channel, notification(this.channel, "\"lacking\":1", "1"));
			}
			probe.send("notifications", this.channel, notification(this.channel, "\"sequence\":\"1\"", "2"));
			probe.send("notifications", this.channel, notification("another-channel-0", "\"sequence\":1", "3"));
			probe.put("notifications", this.channel, notification(this.channel, "\"sequence\":1", "4"));

			try (StompTestClient client = StompTestClient.connect(this.port, "ada").subscribe(this.channel)) {
				assertThat(client.awaitMessages(1)).extracting(StompTestFrame::body).containsExactly("4");
			}
			List<String> causes = deadLetters(probe);
			assertThat(causes).filteredOn((cause) -> cause.contains(
					"Value is not a Notification: /sequence is missing, expected a whole number of 64 bits. Found: {"))
				.hasSize(5);
			assertThat(causes).hasSize(7)
				.anyMatch((cause) -> cause.contains("/sequence is \"1\", expected a whole number of 64 bits."))
				.contains(
						"Key '%s' and value disagree: topic notifications is keyed by channelId, which is 'another-channel-0' in the value."
							.formatted(this.channel));
		}
	}

	/**
	 * Two services say something on each channel, one with another partitioner: nobody
	 * could tell which was said first.
	 */
	@Test
	void keepsAsDeadLetterWhatAnotherPartitionerPutAsideFromItsChannel() throws Exception {
		List<String> channels = Stream.generate(Announcer::newChannel)
			.filter((id) -> byCrc32(id) != NotificationTopics.NOTIFICATIONS.partitionOf(id))
			.limit(3)
			.toList();
		try (TopicProbe probe = probe();
				KafkaProducer<String, String> foreign = new KafkaProducer<>(Map.of("bootstrap.servers", this.brokers),
						new StringSerializer(), new StringSerializer())) {
			for (String id : channels) {
				foreign
					.send(new ProducerRecord<>(this.prefix + "notifications", byCrc32(id), id,
							notification(id, "\"sequence\":2", "\"by crc32\"")))
					.get(30, TimeUnit.SECONDS);
				probe.put("notifications", id, notification(id, "\"sequence\":1", "\"by murmur2\""));
			}

			for (String id : channels) {
				try (StompTestClient client = StompTestClient.connect(this.port, "ada").subscribe(id)) {
					assertThat(client.awaitMessages(1)).extracting(StompTestFrame::body)
						.containsExactly("\"by murmur2\"");
				}
				await().untilAsserted(() -> assertThat(deadLetters(probe)).anyMatch((cause) -> cause.startsWith(
						"Key '%s' is in partition %d of topic notifications, expected %d: murmur2 of the key modulo 6, Java's default (librdkafka: partitioner=murmur2_random)."
							.formatted(id, byCrc32(id), NotificationTopics.NOTIFICATIONS.partitionOf(id)))));
			}
		}
	}

	private TopicProbe probe() {
		return new TopicProbe(this.brokers, this.prefix);
	}

	private List<String> deadLetters(TopicProbe probe) {
		return probe.committed("notifications.push-notifications.dlq")
			.stream()
			.filter((letter) -> new String(letter.key(), UTF_8).equals(this.channel)
					|| TopicProbe.value(letter).contains("by crc32"))
			.map((letter) -> TopicProbe.header(letter, "x-exception-message"))
			.toList();
	}

	private static String notification(String channelId, String sequence, String body) {
		return "{\"id\":\"1\",\"source\":\"/tests\",%s,\"account\":\"ada\",\"channelId\":\"%s\",\"type\":\"test.said\",\"body\":%s}"
			.formatted(sequence, channelId, body);
	}

	private static int byCrc32(String key) {
		CRC32 hash = new CRC32();
		hash.update(key.getBytes(UTF_8));
		return (int) (hash.getValue() % NotificationTopics.NOTIFICATIONS.partitions());
	}

}
