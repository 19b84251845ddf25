package io.sitestream.kvstore;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.sitestream.ApiClient;
import io.sitestream.SitestreamTest;
import io.sitestream.business.Country;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

@SitestreamTest(modules = "business")
class QuarantineIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@LocalServerPort
	int port;

	@Value("${spring.kafka.bootstrap-servers}")
	String brokers;

	@Autowired
	KeyValueStore<Country> countries;

	@Test
	void doesNotSwallowABadRecordOfAForeignWriterButShowsItUntilItIsRepaired() throws Exception {
		ApiClient api = new ApiClient(this.port);
		try (Producer<String, String> foreign = new KafkaProducer<>(Map.of("bootstrap.servers", this.brokers),
				new StringSerializer(), new StringSerializer())) {
			send(foreign, "KE", "{\"code\":\"KE\",\"name\":\"Kenya\",\"population\":50000000}");
			send(foreign, "UG", "{\"code\":\"UG\"}");
			send(foreign, "KE", "{\"code\":");
			send(foreign, "FR", "{\"code\":\"DE\",\"name\":\"Germany\"}");
			send(foreign, "TZ", "{\"code\":\"TZ\",\"name\":\"Tanzania\"}");
		}
		this.countries.sync(PATIENCE);

		assertThat(this.countries.find("KE")).hasValue(new Country("KE", "Kenya", null, null));
		assertThat(this.countries.containsKey("TZ")).isTrue();
		assertThat(this.countries.containsKey("UG")).isFalse();
		JsonNode store = api.get("/actuator/kvstores").json().path("countries");
		assertThat(store.path("topic").asString()).isEqualTo(this.countries.topicName());
		assertThat(store.path("ready").asBoolean()).isTrue();
		assertThat(store.path("entries").asInt()).isEqualTo(this.countries.size());
		assertThat(store.path("positions").path("0").asLong()).isEqualTo(this.countries.positions().get(0));
		assertThat(store.path("quarantined").findValuesAsString("key")).containsExactlyInAnyOrder("UG", "KE", "FR");
		assertThat(store.at("/quarantined/0/cause").asString())
			.isEqualTo("Value is not a Country: /name is missing, expected a text. Found: {\"code\":\"UG\"}");
		assertThat(store.path("quarantined").findValuesAsString("cause"))
			.contains("Key 'FR' and value disagree: topic countries is keyed by code, which is 'DE' in the value.");
		assertThat(this.countries.containsKey("DE")).isFalse();
		assertThat(this.countries.containsKey("FR")).isFalse();
		assertThat(api.get("/actuator/prometheus").body())
			.containsPattern("sitestream_kvstore_quarantined\\{.*store=\"countries\".*} 3.0");

		assertThat(api.put("/api/countries/UG", "{\"name\":\"Uganda\"}").status()).isEqualTo(201);
		assertThat(api.delete("/api/countries/KE").status()).isEqualTo(204);
		assertThat(api.put("/api/countries/FR", "{\"name\":\"France\"}").status()).isEqualTo(201);

		assertThat(api.get("/actuator/kvstores").json().at("/countries/quarantined")).isEmpty();
	}

	private void send(Producer<String, String> producer, String key, String value) throws Exception {
		producer.send(new ProducerRecord<>(this.countries.topicName(), key, value)).get(30, TimeUnit.SECONDS);
	}

}
