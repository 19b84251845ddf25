package io.sitestream.contactimporter;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.sitestream.SitestreamTest;
import io.sitestream.TopicProbe;
import io.sitestream.contactjobs.ContactImportEvent;
import io.sitestream.contactjobs.ContactImportEvent.ImportCut;
import io.sitestream.contactjobs.ContactImportEvent.ImportStarted;
import io.sitestream.contactjobs.ImportBatch;
import io.sitestream.contactjobs.ImportBatchRequested;
import io.sitestream.contactjobs.ImportClient;
import io.sitestream.contactjobs.OnDuplicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Imports of three batches, of which the second cannot be processed.
 */
@SitestreamTest(modules = { "contactjobs", "contactimporter" }, properties = "sitestream.test=failed-batches")
class FailedBatchesIntegrationTests {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	@LocalServerPort
	int port;

	@Value("${spring.kafka.bootstrap-servers}")
	String kafka;

	@Value("${sitestream.topics.prefix}")
	String prefix;

	@Autowired
	JdbcClient jdbc;

	final String importId = UUID.randomUUID().toString();

	ImportClient client;

	TopicProbe probe;

	@BeforeEach
	void connect() {
		this.client = new ImportClient(this.port);
		this.probe = new TopicProbe(this.kafka, this.prefix);
	}

	@AfterEach
	void close() {
		this.probe.close();
	}

	@Test
	void anUnreadableBatchIsKeptAndItsMissingRowsAreRejected() {
		start();
		send(batch(1, 1, "ada"));
		this.probe.put("contact-import-batches", this.importId + "/2",
				"{\"type\":\"ImportBatchRequested\",\"rows\":7}");
		send(batch(3, 5, "cem"));
		cut(6);

		JsonNode done = this.client.awaitDone("/api/contact-imports/" + this.importId);

		assertThat(done.path("state").asString()).isEqualTo("COMPLETED");
		assertThat(done.path("rows").toString())
			.isEqualTo("{\"total\":6,\"created\":4,\"updated\":0,\"unchanged\":0,\"skipped\":0,\"rejected\":2}");
		assertThat(done.path("batches").toString()).isEqualTo("{\"total\":3,\"completed\":3}");
		assertThat(letters()).isOne();
	}

	@Test
	void aBatchThatTheDatabaseRefusesIsKeptAndItsRowsCanBeImportedAgain() {
		this.jdbc.sql("alter table contacts.contact add constraint no_bob check (full_name <> 'bob 1')").update();
		start();
		send(batch(1, 1, "ada"));
		send(batch(2, 3, "bob"));
		send(batch(3, 5, "cem"));
		cut(6);

		JsonNode done = this.client.awaitDone("/api/contact-imports/" + this.importId);

		assertThat(done.path("rows").toString())
			.isEqualTo("{\"total\":6,\"created\":4,\"updated\":0,\"unchanged\":0,\"skipped\":0,\"rejected\":2}");
		assertThat(letters()).isOne();
		String rejections = this.client.get("/api/contact-imports/" + this.importId + "/rejections").body();
		assertThat(rejections.lines()).hasSize(3)
			.contains(
					"bob 1,bob1@example.org,3,batch-failed: the rows 3 to 4 could not be stored (DataIntegrityViolationException). They can be imported again.");
		this.jdbc.sql("alter table contacts.contact drop constraint no_bob").update();
		send(batch(2, 3, "bob"));
		JsonNode again = this.client.importAndAwait(rejections, "");
		assertThat(again.path("rows").path("created").asInt()).as("the batch itself repeats its answer").isEqualTo(2);
	}

	private void start() {
		send(new ImportStarted(this.importId, this.client.account(), this.client.channelId(), null, Instant.now()));
		await().atMost(Duration.ofSeconds(60))
			.until(() -> this.client.get("/api/contact-imports/" + this.importId).statusCode() == 200);
	}

	private void cut(int rows) {
		send(new ImportCut(this.importId, rows, 3, Instant.now()));
	}

	private ImportBatchRequested batch(int number, int firstRow, String name) {
		return new ImportBatchRequested(this.importId, this.client.account(), number, firstRow,
				List.of("name", "email"),
				List.of(List.of(name + " 1", name + "1@example.org"), List.of(name + " 2", name + "2@example.org")),
				OnDuplicate.UPDATE, null);
	}

	private void send(ContactImportEvent event) {
		this.probe.put("contact-import-events", event.importId(), json(ContactImportEvent.class, event));
	}

	private void send(ImportBatch batch) {
		this.probe.put("contact-import-batches", batch.key(), json(ImportBatch.class, batch));
	}

	private static String json(Class<?> type, Object value) {
		return MAPPER.writerFor(type).writeValueAsString(value);
	}

	private long letters() {
		return this.probe.committed("contact-import-batches.import-contacts.dlq")
			.stream()
			.filter((letter) -> new String(letter.key(), StandardCharsets.UTF_8).equals(this.importId + "/2"))
			.count();
	}

}
