package io.sitestream.contactjobs.intake;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.sitestream.SitestreamTest;
import io.sitestream.contactjobs.CommittedRecords;
import io.sitestream.contactjobs.ContactImportEvent;
import io.sitestream.contactjobs.ContactImportEvent.ImportBatchCompleted;
import io.sitestream.contactjobs.ContactImportEvent.ImportBroken;
import io.sitestream.contactjobs.ContactImportEvent.ImportStarted;
import io.sitestream.contactjobs.ContactImportEvent.ImportUploadContinued;
import io.sitestream.contactjobs.ContactImportTopics;
import io.sitestream.contactjobs.ImportClient;
import io.sitestream.contactjobs.RowOutcomes;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Emitter;
import io.sitestream.platform.Problem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Uploads that go wrong, before and after the import has begun. There is no importer
 * here: what is seen comes from the intake and the tracker alone.
 */
@SitestreamTest(modules = "contactjobs",
		properties = { "sitestream.contactjobs.max-file-size=1MB", "sitestream.contactjobs.upload-timeout=4s" })
class IntakeIntegrationTests {

	static final String ROW = "Ada,ada@example.org\n";

	@LocalServerPort
	int port;

	@Autowired
	Emitter emitter;

	@Value("${spring.kafka.bootstrap-servers}")
	String kafka;

	@Value("${sitestream.topics.prefix}")
	String prefix;

	ImportClient client;

	@BeforeEach
	void connect() {
		this.client = new ImportClient(this.port);
	}

	@Test
	void refusesWhatCannotBeBegun() {
		assertProblem(this.client.post("/api/contact-imports", BodyPublishers.ofString(ROW), "text/csv"), 400,
				"missing-channel");
		assertProblem(
				this.client.post("/api/contact-imports?channelId=short", BodyPublishers.ofString(ROW), "text/csv"), 400,
				"invalid-id");
		assertProblem(this.client.upload(ROW, "&onDuplicate=replace"), 400, "invalid-parameter");
		assertProblem(this.client.upload(ROW, "&defaultRegion=Germany"), 400, "invalid-parameter");
		assertProblem(this.client.upload("", ""), 400, "unusable-file");
		assertProblem(this.client.upload("date,amount\n1,2\n", ""), 400, "unusable-file");
		assertProblem(this.client.upload(BodyPublishers.ofString("{}"), "application/json", ""), 415,
				"unsupported-format");
		assertProblem(this.client.upload(BodyPublishers.ofString("--x--\r\n"), "multipart/form-data; boundary=x", ""),
				400, "unusable-file");

		HttpResponse<String> imports = await("the store").atMost(Duration.ofSeconds(60))
			.until(() -> this.client.get("/api/contact-imports"), (answer) -> answer.statusCode() != 503);
		assertThat(imports.body()).isEqualTo("{\"items\":[],\"next\":null}");
	}

	@Test
	void failsTheImportWhenALaterByteIsOfAnotherEncoding() {
		byte[] csv = ("name,email\n" + ROW.repeat(5000) + "J\u00fcrgen,j@example.org\n")
			.getBytes(StandardCharsets.ISO_8859_1);

		HttpResponse<String> answer = this.client.upload(BodyPublishers.ofByteArray(csv), "text/csv", "");

		assertProblem(answer, 400, "unusable-file");
		JsonNode failed = failed(answer);
		assertThat(failed.path("problem").path("detail").asString())
			.isEqualTo("The file is not wholly in the encoding that it begins with: save it as UTF-8.");
		assertThat(failed.path("rows").path("total").isNull()).isTrue();
		assertThat(told()).containsExactly("contact-import.accepted 1", "contact-import.failed 2");
	}

	@Test
	void failsTheImportWhenAQuoteIsNeverClosed() {
		HttpResponse<String> answer = this.client.upload("name,email\n" + ROW.repeat(5000) + "\"Bob,b@example.org\n",
				"");

		assertProblem(answer, 400, "unusable-file");
		assertThat(failed(answer).path("problem").path("detail").asString())
			.startsWith("The file cannot be read as CSV: ");
	}

	@Test
	void failsTheImportWhenTheFileIsTooLarge() {
		HttpResponse<String> answer = this.client.upload("name,email\n" + ROW.repeat(60_000), "");

		assertProblem(answer, 413, "file-too-large");
		assertThat(failed(answer).path("problem").path("status").asInt()).isEqualTo(413);
	}

	@Test
	void failsTheImportWhenTheClientGoes() throws IOException {
		try (Socket socket = new Socket("127.0.0.1", this.port)) {
			OutputStream out = socket.getOutputStream();
			out.write(request(1_000_000));
			out.write(head());
			out.flush();
			await().untilAsserted(() -> assertThat(imports()).hasSize(1));
		}

		await().untilAsserted(() -> assertThat(imports().getFirst().path("state").asString()).isEqualTo("FAILED"));
		assertThat(imports().getFirst().path("problem").path("type").asString())
			.isEqualTo("urn:sitestream:problem:upload-broken");
	}

	@Test
	void failsAnImportWhoseUploadGivesNoSignOfLifeAndFreesItsKey() {
		String importId = UUID.randomUUID().toString();
		report(new ImportStarted(importId, this.client.account(), this.client.channelId(), "upload", Instant.now()));
		report(new ImportUploadContinued(importId, 1, Instant.now()));

		await().atMost(Duration.ofSeconds(60))
			.ignoreExceptions()
			.untilAsserted(() -> assertThat(imports().getFirst().path("state").asString()).isEqualTo("FAILED"));
		assertThat(imports().getFirst().path("problem").path("detail").asString()).isEqualTo(
				"Nothing was heard of the upload for 4 s: the process that read it may have died. Send the file again.");
		assertThat(told()).containsExactly("contact-import.accepted 1", "contact-import.failed 2");
	}

	@Test
	void breaksNoUploadThatIsOnlySlow() throws IOException {
		try (Socket socket = new Socket("127.0.0.1", this.port)) {
			OutputStream out = socket.getOutputStream();
			out.write(request(65_536 + 8 * ROW.length()));
			out.write(head());
			long begin = System.nanoTime();
			for (int row = 1; row <= 8; row++) {
				out.write(ROW.getBytes(StandardCharsets.UTF_8));
				out.flush();
				Duration due = Duration.ofSeconds(row);
				await().pollInterval(Duration.ofMillis(50)).until(() -> System.nanoTime() - begin > due.toNanos());
			}

			String status = new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8);
			assertThat(status).isEqualTo("HTTP/1.1 202");
		}
		await().untilAsserted(() -> assertThat(imports().getFirst().path("rows").path("total").isNull()).isFalse());
		assertThat(told()).noneMatch((line) -> line.contains("failed"));
	}

	@Test
	void tellsAnUploadThatWasGivenUp() throws IOException {
		try (Socket socket = new Socket("127.0.0.1", this.port)) {
			OutputStream out = socket.getOutputStream();
			out.write(request(1_000_000));
			out.write(head());
			out.flush();
			await().untilAsserted(() -> assertThat(imports()).hasSize(1));
			report(new ImportBroken(imports().getFirst().path("importId").asString(),
					Problem.of(HttpStatus.SERVICE_UNAVAILABLE, "upload-broken", "Given up."), 1_000L, Instant.now()));
			await().untilAsserted(() -> assertThat(imports().getFirst().path("state").asString()).isEqualTo("FAILED"));
			await().pollInterval(Duration.ofMillis(200)).until(() -> {
				out.write(ROW.getBytes(StandardCharsets.UTF_8));
				out.flush();
				return socket.getInputStream().available() > 0;
			});

			assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
				.isEqualTo("HTTP/1.1 503");
		}
	}

	@Test
	void listsTheImportsOfAnAccountNewestFirst() {
		String first = ImportClient.accepted(this.client.upload("name,email\n", ""));
		String second = ImportClient.accepted(this.client.upload("name,email\n" + ROW, ""));

		assertThat(imports()).extracting((found) -> "/api/contact-imports/" + found.path("importId").asString())
			.containsExactly(second, first);
		JsonNode page = ImportClient.json(this.client.get("/api/contact-imports?limit=1"));
		assertThat("/api/contact-imports/" + page.path("next").asString()).isEqualTo(second);
		JsonNode rest = ImportClient
			.json(this.client.get("/api/contact-imports?limit=1&after=" + page.path("next").asString()));
		assertThat("/api/contact-imports/" + rest.path("items").path(0).path("importId").asString()).isEqualTo(first);
		assertThat(rest.path("next").isNull()).isTrue();
		assertProblem(new ImportClient(this.port).get(second), 404, "unknown-import");
		assertProblem(this.client.get("/api/contact-imports?limit=0"), 400, "invalid-parameter");
	}

	@Test
	void answersWithTheContractsForm() {
		String empty = ImportClient.accepted(this.client.upload("name,email\n", ""));
		String waiting = ImportClient.accepted(this.client.upload("name,email\n" + ROW, ""));

		String importId = empty.substring(empty.lastIndexOf('/') + 1);
		report(new ImportBatchCompleted(importId, 1, RowOutcomes.NONE, Instant.now()));
		JsonNode done = this.client.awaitDone(empty);
		assertThat(done.path("finishedAt").asString()).matches("2\\d{3}-.*Z");
		assertThat(this.client.get(empty).body()).isEqualTo(
				"{\"importId\":%s,\"channelId\":%s,\"state\":\"COMPLETED\",\"rows\":{\"total\":0,\"created\":0,\"updated\":0,\"unchanged\":0,\"skipped\":0,\"rejected\":0},\"batches\":{\"total\":1,\"completed\":1},\"undo\":null,\"problem\":null,\"startedAt\":%s,\"finishedAt\":%s}"
					.formatted(done.path("importId"), done.path("channelId"), done.path("startedAt"),
							done.path("finishedAt")));
		await().untilAsserted(
				() -> assertThat(ImportClient.json(this.client.get(waiting)).path("rows").path("total").asInt())
					.isOne());
		assertThat(ImportClient.json(this.client.get(waiting)).path("state").asString()).isEqualTo("RUNNING");
	}

	private byte[] request(int length) {
		return """
				POST /api/contact-imports?channelId=%s HTTP/1.1
				Host: localhost
				Account-Id: %s
				Content-Type: text/csv
				Content-Length: %d

				""".formatted(this.client.channelId(), this.client.account(), length)
			.replace("\n", "\r\n")
			.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * As much of a file as is read before its import begins.
	 */
	private static byte[] head() {
		return ("name,email\n" + ROW.repeat(6000)).substring(0, 65_536).getBytes(StandardCharsets.UTF_8);
	}

	private void report(ContactImportEvent event) {
		this.emitter.emit(Emission.of(ContactImportTopics.CONTACT_IMPORT_EVENTS, event.importId(), event));
	}

	private List<JsonNode> imports() {
		return ImportClient.json(this.client.get("/api/contact-imports")).path("items").valueStream().toList();
	}

	private JsonNode failed(HttpResponse<String> answer) {
		JsonNode done = this.client.awaitDone(answer.headers().firstValue("Location").orElseThrow());
		assertThat(done.path("state").asString()).isEqualTo("FAILED");
		return done;
	}

	private List<String> told() {
		return CommittedRecords.of(this.kafka, this.prefix + "notifications")
			.stream()
			.filter((record) -> record.key().equals(this.client.channelId()))
			.map((record) -> JsonMapper.shared().readTree(record.value()))
			.map((notification) -> notification.path("type").asString() + " " + notification.path("sequence"))
			.toList();
	}

	private static void assertProblem(HttpResponse<String> answer, int status, String slug) {
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
		assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(JsonMapper.shared().readTree(answer.body()).path("type").asString())
			.isEqualTo("urn:sitestream:problem:" + slug);
	}

}
