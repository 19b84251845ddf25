package io.sitestream.kvstore;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import io.sitestream.SitestreamApplication;
import io.sitestream.SitestreamTest;
import io.sitestream.TopicProbe;
import io.sitestream.platform.Edge;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.Message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Stores whose values are not JSON: one of bytes, and one with a codec of its own.
 */
@SitestreamTest(modules = "business", classes = { SitestreamApplication.class, CodecIntegrationTests.Stores.class },
		properties = { "spring.cloud.function.definition=refreshBlobs;refreshNumbers",
				"spring.cloud.stream.bindings.refreshBlobs-in-0.destination=${sitestream.topics.prefix}blobs",
				"spring.cloud.stream.bindings.refreshNumbers-in-0.destination=${sitestream.topics.prefix}numbers" })
class CodecIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final Topic<byte[]> BLOBS = Topic.compacted("blobs", byte[].class, 1);

	private static final Topic<Long> NUMBERS = Topic.compacted("numbers", Long.class, 1);

	@Autowired
	KeyValueStore<byte[]> blobs;

	@Autowired
	KeyValueStore<Long> numbers;

	@Value("${spring.kafka.bootstrap-servers}")
	String brokers;

	@Value("${sitestream.topics.prefix}")
	String prefix;

	@Test
	void keepBytesAsTheyAre() {
		await().atMost(PATIENCE).until(this.blobs::isReady);
		byte[] bytes = { 0, -1, '{', 7 };

		this.blobs.put("b", bytes);

		assertThat(this.blobs.find("b")).hasValueSatisfying((found) -> assertThat(found).isEqualTo(bytes));
		try (TopicProbe probe = new TopicProbe(this.brokers, this.prefix)) {
			ConsumerRecord<byte[], byte[]> record = probe.committed("blobs").getLast();
			assertThat(record.value()).isEqualTo(bytes);
			assertThat(TopicProbe.header(record, "content-type")).isEqualTo("application/octet-stream");
			assertThat(record.headers().headers("content-type")).hasSize(1);
		}
	}

	@Test
	void readAndWriteWithTheirCodec() {
		await().atMost(PATIENCE).until(this.numbers::isReady);
		try (TopicProbe probe = new TopicProbe(this.brokers, this.prefix)) {
			this.numbers.put("n", 255L);
			probe.put("numbers", "bad", "xyz");
			probe.put("numbers", "m", "10");
			this.numbers.sync(PATIENCE);

			assertThat(TopicProbe.value(probe.committed("numbers").getFirst())).isEqualTo("ff");
		}
		assertThat(this.numbers.all()).containsEntry("n", 255L).containsEntry("m", 16L).doesNotContainKey("bad");
	}

	/**
	 * Numbers in base 16.
	 */
	private static final class HexCodec implements Codec<Long> {

		@Override
		public String name() {
			return "hex 1";
		}

		@Override
		public String contentType() {
			return "text/plain";
		}

		@Override
		public Long read(byte[] bytes) {
			return Long.parseLong(new String(bytes, StandardCharsets.US_ASCII), 16);
		}

		@Override
		public byte[] write(Long value) {
			return Long.toHexString(value).getBytes(StandardCharsets.US_ASCII);
		}

	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Stores {

		@Bean
		KeyValueStore<byte[]> blobs(KeyValueStores stores) {
			return stores.of("blobs", BLOBS, Codec.raw());
		}

		@Bean
		KeyValueStore<Long> numbers(KeyValueStores stores) {
			return stores.of("numbers", NUMBERS, new HexCodec());
		}

		@Bean
		Consumer<Message<List<RawRecord>>> refreshBlobs(Edge edge, KeyValueStore<byte[]> blobs) {
			return edge.from(BLOBS).replay(blobs.replay());
		}

		@Bean
		Consumer<Message<List<RawRecord>>> refreshNumbers(Edge edge, KeyValueStore<Long> numbers) {
			return edge.from(NUMBERS).replay(numbers.replay());
		}

	}

}
