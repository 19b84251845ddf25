package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.List;

import io.sitestream.ApiClient;
import io.sitestream.SitestreamApplication;
import io.sitestream.SitestreamTest;
import io.sitestream.TopicProbe;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two functions that cannot process everything: {@code copyWords} writes a compacted
 * topic, so its letters are kept in its transactions and replayed on its own thread;
 * {@code shoutWords} has no transactions.
 */
@SitestreamTest(modules = "ticketing", classes = { SitestreamApplication.class, WordFunctions.class }, properties = {
		"spring.cloud.function.definition=copyWords;shoutWords",
		"spring.cloud.stream.bindings.copyWords-in-0.destination=${sitestream.topics.prefix}words",
		"spring.cloud.stream.bindings.copyWords-in-0.group=${sitestream.topics.prefix}copy-words",
		"spring.cloud.stream.kafka.bindings.copyWords-in-0.consumer.transaction-manager=copyWordsTransactionManager",
		"spring.cloud.stream.bindings.shoutWords-in-0.destination=${sitestream.topics.prefix}calls",
		"spring.cloud.stream.bindings.shoutWords-in-0.group=${sitestream.topics.prefix}shout-words" })
abstract class DeadLettersFixture {

	static final Duration PATIENCE = Duration.ofSeconds(60);

	@Autowired
	@Qualifier("copies")
	WordFunctions.Script copies;

	@Autowired
	@Qualifier("shouts")
	WordFunctions.Script shouts;

	@Autowired
	DeadLetterLog letters;

	@LocalServerPort
	int port;

	@Value("${spring.kafka.bootstrap-servers}")
	String servers;

	@Value("${sitestream.topics.prefix}")
	String prefix;

	ApiClient api;

	TopicProbe probe;

	@BeforeEach
	void open() {
		this.api = new ApiClient(this.port);
		this.probe = new TopicProbe(this.servers, this.prefix);
		await("both functions to have their partitions").atMost(PATIENCE)
			.until(() -> this.copies.owners.size() == 2 && this.shouts.owners.size() == 2);
		this.copies.reset();
		this.shouts.reset();
	}

	@AfterEach
	void close() {
		forgetAll("words.copy-words.dlq");
		forgetAll("calls.shout-words.dlq");
		this.probe.close();
	}

	long count(String topic) {
		JsonNode counts = this.api.get("/actuator/deadletters").json();
		assertThat(counts.propertyNames()).containsExactly(this.prefix + "calls.shout-words.dlq",
				this.prefix + "words.copy-words.dlq");
		return counts.get(this.prefix + topic).asLong();
	}

	String replay(String topic, int max) {
		return this.api
			.post("/actuator/deadletters/" + this.prefix + topic, "{\"action\":\"replay\",\"max\":%d}".formatted(max))
			.body();
	}

	WordFunctions.Script script(String input) {
		return input.equals("words") ? this.copies : this.shouts;
	}

	void forgetAll(String topic) {
		List<ConsumerRecord<byte[], byte[]>> all = this.letters.read(this.prefix + topic, -1, 100);
		if (!all.isEmpty()) {
			this.letters.forget(this.prefix + topic, all.getLast().offset());
		}
	}

}
