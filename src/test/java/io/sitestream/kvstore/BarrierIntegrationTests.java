package io.sitestream.kvstore;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.sitestream.SitestreamTest;
import io.sitestream.business.Country;
import io.sitestream.business.CountryTopics;
import io.sitestream.platform.Position;
import io.sitestream.platform.ProblemException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@SitestreamTest(modules = "business")
class BarrierIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@Value("${spring.kafka.bootstrap-servers}")
	String brokers;

	@Autowired
	KeyValueStore<Country> countries;

	@Autowired
	TopicSnapshots snapshots;

	@Test
	void waitsForATransactionThatIsStillOpen() {
		try (Producer<String, String> other = transactional()) {
			other.initTransactions();
			other.beginTransaction();
			other.send(new ProducerRecord<>(this.countries.topicName(), "MT", "{\"code\":\"MT\",\"name\":\"Malta\"}"));
			other.flush();
			assertThatExceptionOfType(ProblemException.class)
				.isThrownBy(() -> this.countries.sync(Duration.ofMillis(300)))
				.satisfies((ex) -> assertThat(ex.problem().type()).isEqualTo("urn:sitestream:problem:store-behind"));
			assertThatExceptionOfType(ProblemException.class)
				.isThrownBy(() -> this.snapshots.read(CountryTopics.COUNTRIES, Duration.ofMillis(300)))
				.satisfies((ex) -> assertThat(ex.problem().type()).isEqualTo("urn:sitestream:problem:store-behind"));

			CompletableFuture<TopicSnapshot<Country>> snapshot = CompletableFuture
				.supplyAsync(() -> this.snapshots.read(CountryTopics.COUNTRIES, PATIENCE));
			CompletableFuture<Void> barrier = CompletableFuture.runAsync(() -> this.countries.sync(PATIENCE));
			other.commitTransaction();

			assertThat(snapshot.join().values()).containsKey("MT");
			barrier.join();
			assertThat(this.countries.containsKey("MT")).isTrue();
		}
	}

	@Test
	void doesNotLeaveItsLastOffsetUnsetWhenOnlyOthersWrite() {
		try (Producer<String, String> other = new KafkaProducer<>(Map.of("bootstrap.servers", this.brokers),
				new StringSerializer(), new StringSerializer())) {
			for (int i = 0; i < 50; i++) {
				String name = "Estonia " + i;
				other.send(new ProducerRecord<>(this.countries.topicName(), "EE",
						"{\"code\":\"EE\",\"name\":\"%s\"}".formatted(name)));
				other.flush();

				this.countries.sync(PATIENCE);

				assertThat(this.countries.get("EE").name()).isEqualTo(name);
			}
		}
	}

	@Test
	void passesATransactionThatIsAborted() {
		try (Producer<String, String> other = transactional()) {
			other.initTransactions();
			other.beginTransaction();
			other.send(new ProducerRecord<>(this.countries.topicName(), "CY", "{\"code\":\"CY\",\"name\":\"Cyprus\"}"));
			other.flush();
			other.abortTransaction();
		}

		this.countries.sync(PATIENCE);

		assertThat(this.countries.containsKey("CY")).isFalse();
		assertThat(this.snapshots.read(CountryTopics.COUNTRIES, PATIENCE).values()).doesNotContainKey("CY");
	}

	@Test
	void isNotNeededAfterAnOwnWrite() {
		for (int i = 0; i < 100; i++) {
			Country country = new Country("IS", "Iceland " + i, "ISL", "ISK");
			Position position = this.countries.put("IS", country);

			assertThat(this.countries.find("IS")).hasValue(country);
			assertThat(this.countries.await(position, Duration.ZERO)).isTrue();
		}
		this.countries.delete("IS");
		assertThat(this.countries.containsKey("IS")).isFalse();
	}

	private Producer<String, String> transactional() {
		return new KafkaProducer<>(
				Map.of("bootstrap.servers", this.brokers, "transactional.id", this.countries.topicName() + "-other"),
				new StringSerializer(), new StringSerializer());
	}

}
