package io.sitestream.contactjobs.intake;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import io.sitestream.SitestreamTest;
import io.sitestream.contactjobs.CommittedRecords;
import io.sitestream.contactjobs.ImportClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Uploads that go wrong, before and after the import has begun. There is no importer
 * here: what is seen comes from the intake and the tracker alone.
 */
@SitestreamTest(modules = "contactjobs", properties = "sitestream.contactjobs.max-file-size=1MB")
class IntakeIntegrationTests {

	static final String ROW = "Ada,ada@example.org\n";

	@LocalServerPort
	int port;

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
			out.write("""
					POST /api/contact-imports?channelId=%s HTTP/1.1
					Host: localhost
					Account-Id: %s
					Content-Type: text/csv
					Content-Length: 1000000

					name,email
					""".formatted(this.client.channelId(), this.client.account())
				.replace("\n", "\r\n")
				.getBytes(StandardCharsets.UTF_8));
			out.write(ROW.repeat(6000).getBytes(StandardCharsets.UTF_8));
			out.flush();
			await().untilAsserted(() -> assertThat(imports()).hasSize(1));
		}

		await().untilAsserted(() -> assertThat(imports().getFirst().path("state").asString()).isEqualTo("FAILED"));
		assertThat(imports().getFirst().path("problem").path("type").asString())
			.isEqualTo("urn:sitestream:problem:upload-broken");
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

		JsonNode done = this.client.awaitDone(empty);
		assertThat(done.path("finishedAt").asString()).matches("2\\d{3}-.*Z");
		assertThat(this.client.get(empty).body()).isEqualTo(
				"{\"importId\":%s,\"channelId\":%s,\"state\":\"COMPLETED\",\"rows\":{\"total\":0,\"created\":0,\"updated\":0,\"unchanged\":0,\"skipped\":0,\"rejected\":0},\"batches\":{\"total\":0,\"completed\":0},\"undo\":null,\"problem\":null,\"startedAt\":%s,\"finishedAt\":%s}"
					.formatted(done.path("importId"), done.path("channelId"), done.path("startedAt"),
							done.path("finishedAt")));
		await().untilAsserted(
				() -> assertThat(ImportClient.json(this.client.get(waiting)).path("rows").path("total").asInt())
					.isOne());
		assertThat(ImportClient.json(this.client.get(waiting)).path("state").asString()).isEqualTo("RUNNING");
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
