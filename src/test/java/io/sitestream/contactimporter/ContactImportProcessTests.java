package io.sitestream.contactimporter;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.sitestream.ApiClient;
import io.sitestream.SitestreamProcess;
import io.sitestream.SitestreamProcess.Description;
import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.contactjobs.CommittedRecords;
import io.sitestream.contactjobs.ImportClient;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Imports over the death of the processes that read, track, store and undo them.
 */
class ContactImportProcessTests {

	static final int ROWS = 40_000;

	static final int CREATED = ROWS - ROWS / 100;

	final TestSpace space = TestSpace.of("contactjobs", "contactimporter");

	@Test
	void survivesTheDeathOfWhoReadsTracksStoresAndUndoesIt() throws IOException {
		String path;
		ImportClient client;
		try (SitestreamProcess second = description("second").launch()) {
			try (SitestreamProcess first = description("first").with("sitestream.contactjobs.aliases.email", "Courriel")
				.start(); Socket upload = new Socket()) {
				second.awaitReady();
				client = new ImportClient(first.port());
				beginUpload(upload, first.port(), client);
				path = ImportClient.accepted(client.upload(csv(), ""));
				awaitBatches(client, path);
				first.kill9();
			}
			client = new ImportClient(second.port(), client.account());
			completesTheImport(client, path);
			failsTheUploadWhoseReaderDied(client, path);
			delete(second, client, path);
			awaitUndo(client, path);
			second.kill9();
		}

		try (SitestreamProcess third = description("third").start()) {
			undoesTheImport(new ImportClient(third.port(), client.account()), path);
		}
	}

	private void completesTheImport(ImportClient client, String path) {
		JsonNode done = client.awaitDone(path);

		assertThat(done.path("state").asString()).isEqualTo("COMPLETED");
		assertThat(done.path("rows").toString())
			.isEqualTo("{\"total\":%d,\"created\":%d,\"updated\":0,\"unchanged\":0,\"skipped\":0,\"rejected\":%d}"
				.formatted(ROWS, CREATED, ROWS - CREATED));
		assertThat(client.get(path + "/rejections").body().lines()).hasSize(1 + ROWS - CREATED);
		assertThat(told(path)).startsWith("1 contact-import.accepted")
			.endsWith((1 + ROWS / 1000 + 1) + " contact-import.completed")
			.filteredOn((line) -> line.endsWith("completed"))
			.hasSize(1);
	}

	private void failsTheUploadWhoseReaderDied(ImportClient client, String other) {
		JsonNode upload = await().atMost(Duration.ofSeconds(90))
			.until(() -> ImportClient.json(client.get("/api/contact-imports"))
				.path("items")
				.valueStream()
				.filter((found) -> !other.endsWith(found.path("importId").asString()))
				.findFirst()
				.orElseThrow(), (found) -> !found.path("state").asString().equals("RUNNING"));
		String path = "/api/contact-imports/" + upload.path("importId").asString();

		assertThat(upload.path("state").asString()).isEqualTo("FAILED");
		assertThat(upload.path("problem").path("type").asString()).isEqualTo("urn:sitestream:problem:upload-broken");
		assertThat(told(path)).startsWith("1 contact-import.accepted")
			.filteredOn((line) -> line.endsWith("failed"))
			.hasSize(1);
		assertThat(told(path).getLast()).endsWith("failed");
		String again = ImportClient.accepted(
				client.upload(BodyPublishers.ofString("name,email\nEva,eva@example.org\n"), "text/csv", "", "key"));
		assertThat(again).as("the key is free again").isNotEqualTo(path);
		assertThat(client.awaitDone(again).path("rows").path("created").asInt()).isOne();
	}

	private void undoesTheImport(ImportClient client, String path) {
		JsonNode undone = await().atMost(Duration.ofSeconds(90))
			.ignoreExceptions()
			.until(() -> ImportClient.json(client.get(path)),
					(found) -> found.path("state").asString().equals("UNDONE"));

		assertThat(undone.path("undo").toString())
			.isEqualTo("{\"removed\":%d,\"restored\":0,\"kept\":0}".formatted(CREATED));
		assertThat(undone.path("rows").path("created").asInt()).isEqualTo(CREATED);
		assertThat(ImportClient.json(client.get("/api/contacts")).path("items").valueStream())
			.extracting((contact) -> contact.path("fullName").asString())
			.contains("Eva")
			.noneMatch((name) -> name.startsWith("Person"));
		assertThat(told(path)).filteredOn((line) -> line.endsWith("undone")).hasSize(1);
		assertThat(told(path).getLast()).endsWith("undone");
	}

	private Description description(String name) {
		return SitestreamProcess.in(this.space)
			.named(name)
			.modules("contactjobs", "contactimporter")
			.with("sitestream.contactjobs.upload-timeout", "6s");
	}

	/**
	 * Sends the beginning of a file, and leaves the connection open.
	 */
	private static void beginUpload(Socket socket, int port, ImportClient client) throws IOException {
		socket.connect(new InetSocketAddress("127.0.0.1", port));
		OutputStream out = socket.getOutputStream();
		out.write("""
				POST /api/contact-imports?channelId=%s HTTP/1.1
				Host: localhost
				Account-Id: %s
				Idempotency-Key: key
				Content-Type: text/csv
				Content-Length: 1000000

				name,email
				""".formatted(client.channelId(), client.account())
			.replace("\n", "\r\n")
			.getBytes(StandardCharsets.UTF_8));
		out.write("Ada,ada@example.org\n".repeat(6_000).getBytes(StandardCharsets.UTF_8));
		out.flush();
		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(ImportClient.json(client.get("/api/contact-imports"))
				.path("items")
				.path(0)
				.path("state")
				.asString()).isEqualTo("RUNNING"));
	}

	/**
	 * A file with a column that only the instance knows that reads it.
	 */
	private static String csv() {
		return "name,courriel,phone\n" + IntStream.rangeClosed(1, ROWS)
			.mapToObj((i) -> "Person %d,p%d@example.org,%s\n".formatted(i, i,
					(i % 100 == 0) ? "nonsense" : "+4930200%05d".formatted(i)))
			.collect(Collectors.joining());
	}

	private static void awaitBatches(ImportClient client, String path) {
		int completed = await().atMost(Duration.ofSeconds(60))
			.until(() -> ImportClient.json(client.get(path)).path("batches").path("completed").asInt(),
					(batches) -> batches >= 3);
		assertThat(completed).isLessThan(ROWS / 1000);
	}

	private static void awaitUndo(ImportClient client, String path) {
		JsonNode undoing = await().atMost(Duration.ofSeconds(60))
			.until(() -> ImportClient.json(client.get(path)),
					(found) -> found.path("undo").path("removed").asInt() > 0);
		assertThat(undoing.path("state").asString()).isEqualTo("UNDOING");
	}

	private static void delete(SitestreamProcess process, ImportClient client, String path) {
		assertThat(new ApiClient(process.port()).delete(path, "Account-Id", client.account()).status()).isEqualTo(202);
	}

	/**
	 * What a channel hears about an import: of several notifications with one sequence it
	 * takes the first.
	 */
	private List<String> told(String path) {
		String source = "contact-import/" + path.substring(path.lastIndexOf('/') + 1);
		List<String> told = CommittedRecords
			.of(TestServers.kafka().address(), this.space.topicPrefix() + "notifications")
			.stream()
			.map((record) -> JsonMapper.shared().readTree(record.value()))
			.filter((notification) -> notification.path("source").asString().equals(source))
			.map((notification) -> notification.path("sequence").asInt() + " " + notification.path("type").asString())
			.toList();
		assertThat(told).extracting((line) -> Integer.parseInt(line.split(" ")[0])).isSorted();
		return told.stream().distinct().toList();
	}

}
