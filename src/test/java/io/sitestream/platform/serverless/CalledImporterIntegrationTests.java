package io.sitestream.platform.serverless;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamTest;
import io.sitestream.TopicProbe;
import io.sitestream.contactjobs.ContactImportTopics;
import io.sitestream.contactjobs.ImportBatchRequested;
import io.sitestream.contactjobs.OnDuplicate;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Emitter;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The importer in a process whose only function is called.
 */
@SitestreamTest(modules = "contactimporter", properties = "sitestream.serving=http")
class CalledImporterIntegrationTests {

	@LocalServerPort
	int port;

	@Value("${spring.kafka.bootstrap-servers}")
	String kafka;

	@Value("${sitestream.topics.prefix}")
	String prefix;

	@Autowired
	Emitter emitter;

	final String importId = UUID.randomUUID().toString();

	TopicProbe probe;

	@BeforeEach
	void connect() {
		this.probe = new TopicProbe(this.kafka, this.prefix);
	}

	@AfterEach
	void close() {
		this.probe.close();
	}

	@Test
	void storesBatchesOnceAndRepeatsItsAnswers() {
		emit(1, "ada");
		emit(2, "bob");
		this.probe.put("contact-import-batches", this.importId + "/3", "{\"type\":\"ImportBatchRequested\"");
		List<ConsumerRecord<byte[], byte[]>> records = this.probe.committed("contact-import-batches");
		assertThat(records).hasSize(3);

		deliver(records, "/functions/importContacts");
		List<String> answers = answers();
		deliver(records.reversed(), "/");

		assertThat(answers).hasSize(3);
		assertThat(answers()).hasSize(6).containsOnlyElementsOf(answers);
		assertThat(answers).filteredOn((answer) -> answer.contains("ImportBatchFailed")).hasSize(1);
		Answer contacts = new ApiClient(this.port).get("/api/contacts");
		assertThat(contacts.json().at("/items").valueStream().map((contact) -> contact.at("/fullName").asString()))
			.containsExactlyInAnyOrder("ada", "bob");
		assertThat(contacts.json().at("/items").valueStream().map((contact) -> contact.at("/version").asLong()))
			.containsOnly(1L);
	}

	private void deliver(List<ConsumerRecord<byte[], byte[]>> records, String path) {
		KafkaSourceDouble source = new KafkaSourceDouble(this.port, path);
		records.forEach((record) -> {
			HttpResponse<String> answer = source.send(record);
			assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
		});
	}

	private List<String> answers() {
		List<String> answers = this.probe.committedValues("contact-import-events");
		assertThat(answers).allMatch((answer) -> answer.contains(this.importId));
		return answers;
	}

	private void emit(int batch, String name) {
		ImportBatchRequested request = new ImportBatchRequested(this.importId, "demo", batch, batch,
				List.of("name", "email"), List.of(List.of(name, name + "@example.org")), OnDuplicate.UPDATE, null);
		this.emitter.emit(Emission.of(ContactImportTopics.CONTACT_IMPORT_BATCHES, request.key(), request));
	}

}
