package io.sitestream.platform.serverless;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamProcess;
import io.sitestream.SitestreamTest;
import io.sitestream.TopicProbe;
import io.sitestream.contactjobs.ContactImportTopics;
import io.sitestream.contactjobs.ImportBatchRequested;
import io.sitestream.contactjobs.ImportClient;
import io.sitestream.contactjobs.OnDuplicate;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Emitter;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
		List<ConsumerRecord<byte[], byte[]>> records = this.probe.committed("contact-import-batches")
			.stream()
			.filter((record) -> new String(record.key(), StandardCharsets.UTF_8).startsWith(this.importId))
			.toList();
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

	@Test
	void anImportWhoseBatchesComeAsEventsIsCompletedAndUndone() {
		try (SitestreamProcess jobs = SitestreamProcess.alone()
			.modules("contactjobs")
			.named("jobs-beside-knative")
			.with("sitestream.security.mode", "open")
			.with("spring.kafka.bootstrap-servers", this.kafka)
			.with("sitestream.topics.prefix", this.prefix)
			.start()) {
			ImportClient client = new ImportClient(jobs.port());
			StringBuilder csv = new StringBuilder("name,email\n");
			for (int i = 0; i < 2_500; i++) {
				csv.append("N%d,%s\n".formatted(i, (i % 1_000 == 7) ? "bad" : "n%d@example.org".formatted(i)));
			}
			String path = ImportClient.accepted(client.upload(csv.toString(), ""));

			deliverUntil(client, path, "COMPLETED");
			JsonNode done = ImportClient.json(client.get(path));
			assertThat(done.at("/rows").toString()).isEqualTo(
					"{\"total\":2500,\"created\":2497,\"updated\":0,\"unchanged\":0,\"skipped\":0,\"rejected\":3}");
			assertThat(new ApiClient(jobs.port()).delete(path, "Account-Id", client.account()).status()).isEqualTo(202);
			deliverUntil(client, path, "UNDONE");

			assertThat(ImportClient.json(client.get(path)).at("/undo").toString())
				.isEqualTo("{\"removed\":2497,\"restored\":0,\"kept\":0}");
		}
	}

	private void deliverUntil(ImportClient client, String path, String state) {
		await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> {
			// again and again from the beginning, as a source does that cannot commit
			deliver(this.probe.committed("contact-import-batches"), "/functions/importContacts");
			assertThat(client.get(path).body()).contains("\"state\":\"%s\"".formatted(state));
		});
	}

	private void deliver(List<ConsumerRecord<byte[], byte[]>> records, String path) {
		KafkaSourceDouble source = new KafkaSourceDouble(this.port, path);
		records.forEach((record) -> {
			HttpResponse<String> answer = source.send(record);
			assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
		});
	}

	private List<String> answers() {
		return this.probe.committedValues("contact-import-events")
			.stream()
			.filter((answer) -> answer.contains(this.importId))
			.toList();
	}

	private void emit(int batch, String name) {
		ImportBatchRequested request = new ImportBatchRequested(this.importId, "demo", batch, batch,
				List.of("name", "email"), List.of(List.of(name, name + "@example.org")), OnDuplicate.UPDATE, null);
		this.emitter.emit(Emission.of(ContactImportTopics.CONTACT_IMPORT_BATCHES, request.key(), request));
	}

}
