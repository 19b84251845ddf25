package io.sitestream.bench;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

import io.kcache.KafkaCache;
import io.kcache.KafkaCacheConfig;
import io.sitestream.SitestreamApplication;
import io.sitestream.TestServers;
import io.sitestream.platform.RecordFormat;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A compacted topic of places on a broker in this process, and the ways to load it.
 */
final class PlaceTopic {

	private final String prefix = "bench-%s-".formatted(UUID.randomUUID().toString().substring(0, 8));

	private final String servers = TestServers.kafka().address();

	/**
	 * Makes and fills the topic, which is not compacted while it is read.
	 * @param places how many keys
	 * @param versions how many records of each
	 */
	PlaceTopic(int places, int versions) {
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", this.servers));
				KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
						Map.of("bootstrap.servers", this.servers, "linger.ms", 20, "batch.size", 1 << 18),
						new ByteArraySerializer(), new ByteArraySerializer())) {
			NewTopic topic = new NewTopic(name(), 1, (short) 1)
				.configs(Map.of("cleanup.policy", "compact", "segment.bytes", Integer.toString(1 << 30)));
			admin.createTopics(List.of(topic)).all().get();
			for (int version = 0; version < versions; version++) {
				for (int place = 0; place < places; place++) {
					producer
						.send(new ProducerRecord<>(name(), Place.key(place).getBytes(), Place.json(place, version)));
				}
			}
		}
		catch (InterruptedException | ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private String name() {
		return this.prefix + Place.PLACES.name();
	}

	/**
	 * Starts an application whose store reads this topic.
	 * @param properties besides where everything is
	 * @return the application, whose store may still be loading
	 */
	ConfigurableApplicationContext store(Map<String, String> properties) {
		Map<String, String> all = new HashMap<>(properties);
		all.put("spring.kafka.bootstrap-servers", this.servers);
		all.put("sitestream.topics.prefix", this.prefix);
		all.put("sitestream.modules", "business");
		all.put("sitestream.security.mode", "open");
		all.put("spring.cloud.function.definition", "refreshPlaces");
		all.put("spring.cloud.stream.bindings.refreshPlaces-in-0.destination", name());
		all.put("server.port", "0");
		return new SpringApplicationBuilder(SitestreamApplication.class, PlaceStore.class).bannerMode(Banner.Mode.OFF)
			.run(all.entrySet().stream().map((entry) -> "--" + entry).toArray(String[]::new));
	}

	/**
	 * What any store has to do: a loop of polls to the end.
	 * @param taker takes the records
	 */
	void read(Consumer<ConsumerRecord<byte[], byte[]>> taker) {
		try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
				Map.of("bootstrap.servers", this.servers, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000,
						ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"),
				new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
			TopicPartition partition = new TopicPartition(name(), 0);
			consumer.assign(List.of(partition));
			consumer.seekToBeginning(List.of(partition));
			long end = consumer.endOffsets(List.of(partition)).get(partition);
			while (consumer.position(partition) < end) {
				consumer.poll(Duration.ofMillis(100)).forEach(taker);
			}
		}
	}

	/**
	 * KCache in memory, with the same JSON.
	 * @return a cache that has been read to the end
	 */
	KafkaCache<String, Place> kcache() {
		RecordFormat format = new RecordFormat();
		Serde<Place> json = Serdes.serdeFrom((topic, place) -> format.write(place),
				(topic, bytes) -> (bytes != null) ? format.read(bytes, Place.class) : null);
		Properties properties = new Properties();
		properties.put(KafkaCacheConfig.KAFKACACHE_BOOTSTRAP_SERVERS_CONFIG, this.servers);
		properties.put(KafkaCacheConfig.KAFKACACHE_TOPIC_CONFIG, name());
		properties.put(KafkaCacheConfig.KAFKACACHE_TOPIC_REPLICATION_FACTOR_CONFIG, "1");
		properties.put(KafkaCacheConfig.KAFKACACHE_INIT_TIMEOUT_CONFIG, "600000");
		properties.put(KafkaCacheConfig.KAFKACACHE_TIMEOUT_CONFIG, "60000");
		// its default of 500 is slow; everybody gets the same
		properties.put("kafkacache.max.poll.records", "5000");
		KafkaCache<String, Place> cache = new KafkaCache<>(new KafkaCacheConfig(properties), Serdes.String(), json);
		cache.init();
		return cache;
	}

}
