package io.sitestream.contactimporter;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.sitestream.SitestreamTest;
import io.sitestream.contactjobs.CommittedRecords;
import io.sitestream.contactjobs.ContactImportEvent.ImportExpired;
import io.sitestream.contactjobs.ContactImportTopics;
import io.sitestream.contactjobs.ImportClient;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Emitter;
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

@SitestreamTest(modules = { "contactjobs", "contactimporter" })
class ContactImportIntegrationTests {

	@LocalServerPort
	int port;

	@Autowired
	Emitter emitter;

	@Autowired
	JdbcClient jdbc;

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
	void importsTenThousandRowsAndFindsThemUnchangedTheSecondTime() {
		String csv = "Name;E-mail;Phone;Favourite colour\n" + IntStream.rangeClosed(1, 10_000)
			.mapToObj(ContactImportIntegrationTests::row)
			.collect(Collectors.joining());

		JsonNode first = this.client.importAndAwait(csv, "&defaultRegion=DE");
		JsonNode second = this.client.importAndAwait(csv, "&defaultRegion=DE");

		assertThat(first.path("state").asString()).isEqualTo("COMPLETED");
		assertThat(first.path("rows").toString()).isEqualTo(
				"{\"total\":10000,\"created\":9990,\"updated\":0,\"unchanged\":0,\"skipped\":0,\"rejected\":10}");
		assertThat(first.path("batches").toString()).isEqualTo("{\"total\":10,\"completed\":10}");
		assertThat(second.path("rows").toString()).isEqualTo(
				"{\"total\":10000,\"created\":0,\"updated\":0,\"unchanged\":9990,\"skipped\":0,\"rejected\":10}");
		JsonNode found = ImportClient.json(this.client.get("/api/contacts?q=PERSON4711@"));
		assertThat(found.path("items").size()).isOne();
		JsonNode contact = found.path("items").path(0);
		assertThat(contact.path("version").asInt()).isOne();
		assertThat(contact.path("fullName").asString()).isEqualTo("Person \"4711\"\nof many");
		assertThat(contact.path("phones").toString()).isEqualTo("[\"+493020004711\"]");
		assertThat(contact.path("notes").asString()).isEqualTo("Favourite colour: blue");
		assertThat(ImportClient.json(this.client.get("/api/contacts/" + contact.path("contactId").asString())))
			.isEqualTo(contact);
		assertThat(
				new ImportClient(this.port).get("/api/contacts/" + contact.path("contactId").asString()).statusCode())
			.isEqualTo(404);
	}

	@Test
	void tellsTheChannelFromTheFirstToTheOnlyFinalNotification() {
		String csv = "name,email\n" + IntStream.rangeClosed(1, 5_500)
			.mapToObj((i) -> "P" + i + ",p" + i + "@example.org\n")
			.collect(Collectors.joining());

		JsonNode done = this.client.importAndAwait(csv, "");

		List<JsonNode> told = notifications();
		assertThat(told.getFirst().path("type").asString()).isEqualTo("contact-import.accepted");
		assertThat(told.subList(1, told.size() - 1)).allSatisfy(
				(progress) -> assertThat(progress.path("type").asString()).isEqualTo("contact-import.progress"));
		assertThat(told.getLast().path("type").asString()).isEqualTo("contact-import.completed");
		assertThat(told.getLast().path("body")).isEqualTo(done);
		assertThat(told.getLast().path("sequence").asInt()).isEqualTo(1 + 6 + 1);
		assertThat(told).extracting((notification) -> notification.path("sequence").asInt())
			.isSorted()
			.doesNotHaveDuplicates();
		assertThat(told).allSatisfy((notification) -> {
			assertThat(notification.path("account").asString()).isEqualTo(this.client.account());
			assertThat(notification.path("source").asString())
				.isEqualTo("contact-import/" + done.path("importId").asString());
		});
	}

	@Test
	void givesRejectedRowsBackSoThatTheyCanBeCorrectedAndImportedAgain() {
		JsonNode done = this.client.importAndAwait("""
				Name,Phone,Email
				Ada,030 901820,
				"Brown, Bob",,bob(at)example.org
				Cem,+49 30 901821,cem@example.org
				Dot,,
				""", "");

		assertThat(done.path("rows").path("rejected").asInt()).isEqualTo(3);
		String path = "/api/contact-imports/" + done.path("importId").asString() + "/rejections";
		HttpResponse<String> rejections = this.client.get(path);
		assertThat(rejections.headers().firstValue("Content-Type")).hasValue("text/csv;charset=UTF-8");
		assertThat(rejections.body().split("\r\n")).containsExactly("Name,Phone,Email,import_row,import_error",
				"Ada,030 901820,,1,\"phone-region: column 'Phone', value '030 901820': a national number: write it with + and country code, or import with defaultRegion.\"",
				"\"Brown, Bob\",,bob(at)example.org,2,\"invalid-email: column 'Email', value 'bob(at)example.org': expected an address such as name@example.org.\"",
				"Dot,,,4,no-identifier: the row has neither an e-mail nor a phone number.");
		String corrected = rejections.body().replace("(at)", "@").replace("Dot,,,", "Dot,,dot@example.org,");
		JsonNode again = this.client.importAndAwait(corrected, "&defaultRegion=DE");
		assertThat(again.path("rows").toString())
			.isEqualTo("{\"total\":3,\"created\":3,\"updated\":0,\"unchanged\":0,\"skipped\":0,\"rejected\":0}");
		JsonNode bob = ImportClient.json(this.client.get("/api/contacts?q=bob@")).path("items").path(0);
		assertThat(bob.path("fullName").asString()).isEqualTo("Brown, Bob");
		assertThat(bob.path("notes").isNull()).isTrue();
		assertThat(new ImportClient(this.port).get(path).statusCode()).isEqualTo(404);
	}

	@Test
	void givesAnyNumberOfRejectedRowsBackOnceAndInOrder() {
		JsonNode done = this.client.importAndAwait("name,email\n" + "Nobody,none\n".repeat(1_203), "");

		HttpResponse<String> rejections = this.client
			.get("/api/contact-imports/" + done.path("importId").asString() + "/rejections");

		assertThat(rejections.body().lines().skip(1).map((line) -> line.split(",")[2]))
			.containsExactlyElementsOf(IntStream.rangeClosed(1, 1_203).mapToObj(Integer::toString).toList());
	}

	@Test
	void knowsTheHeaderOfAFileWithoutRows() {
		JsonNode done = this.client.importAndAwait("name,email\n", "");

		assertThat(done.path("state").asString()).isEqualTo("COMPLETED");
		assertThat(done.path("rows").path("total").asInt()).isZero();
		assertThat(this.client.get("/api/contact-imports/" + done.path("importId").asString() + "/rejections").body())
			.isEqualTo("name,email,import_row,import_error\r\n");
	}

	@Test
	void takesSeveralFilesOfOneAccountAtOnceWhoseRowsOverlap() {
		List<JsonNode> done;
		try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
			done = IntStream.range(0, 4)
				.mapToObj((file) -> CompletableFuture
					.supplyAsync(() -> ImportClient.accepted(this.client.upload(overlapping(file), "")), threads))
				.toList()
				.stream()
				.map(CompletableFuture::join)
				.map(this.client::awaitDone)
				.toList();
		}

		assertThat(done).allSatisfy((found) -> {
			assertThat(found.path("state").asString()).isEqualTo("COMPLETED");
			JsonNode rows = found.path("rows");
			assertThat(rows.path("total").asInt()).isEqualTo(2_500);
			assertThat(Stream.of("created", "updated", "unchanged", "skipped", "rejected")
				.mapToInt((outcome) -> rows.path(outcome).asInt())
				.sum()).isEqualTo(2_500);
		});
		assertThat(done.stream().mapToInt((found) -> found.path("rows").path("created").asInt()).sum())
			.isEqualTo(2_500 + 3 * 500);
	}

	@Test
	void forgetsAnExpiredImportButNotItsContacts() {
		JsonNode done = this.client.importAndAwait("name,email\nAda,ada@example.org\nBob,bob\n", "");
		String importId = done.path("importId").asString();
		String path = "/api/contact-imports/" + importId;
		ImportExpired tooEarly = new ImportExpired(importId, Instant.now().minus(Duration.ofDays(30)), Instant.now());
		this.emitter.emit(Emission.of(ContactImportTopics.CONTACT_IMPORT_EVENTS, importId, tooEarly));
		this.client.importAndAwait("name,email\n", "");
		assertThat(this.client.get(path + "/rejections").statusCode()).isEqualTo(200);

		ImportExpired expired = new ImportExpired(importId, Instant.now(), Instant.now());
		this.emitter.emit(Emission.of(ContactImportTopics.CONTACT_IMPORT_EVENTS, importId, expired));

		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(this.client.get(path).statusCode()).isEqualTo(404));
		assertThat(this.client.get(path + "/rejections").statusCode()).isEqualTo(404);
		for (String table : List.of("imported_contact", "imported_file", "rejected_row", "batch_outcome")) {
			assertThat(this.jdbc.sql("select count(*) from contacts.%s where import_id = ?".formatted(table))
				.param(importId)
				.query(Long.class)
				.single()).as(table).isZero();
		}
		assertThat(ImportClient.json(this.client.get("/api/contacts?q=ada")).path("items").size()).isOne();
		assertThat(CommittedRecords.of(this.kafka, this.prefix + "contact-imports")
			.stream()
			.filter((record) -> record.key().equals(importId))
			.toList()
			.getLast()
			.value()).isNull();
	}

	@Test
	void takesAFileAsPartOfAForm() {
		String body = """
				--xx
				Content-Disposition: form-data; name="comment"

				mine
				--xx
				Content-Disposition: form-data; name="file"; filename="contacts.csv"
				Content-Type: application/vnd.ms-excel

				First Name\tLast Name\tE-mail Address
				Ada\tLovelace\tada@example.org

				--xx--
				""".replace("\n", "\r\n");

		String path = ImportClient
			.accepted(this.client.upload(BodyPublishers.ofString(body), "multipart/form-data; boundary=xx", ""));

		assertThat(this.client.awaitDone(path).path("rows").path("created").asInt()).isOne();
		JsonNode ada = ImportClient.json(this.client.get("/api/contacts?q=lovelace")).path("items").path(0);
		assertThat(ada.path("fullName").asString()).isEqualTo("Ada Lovelace");
	}

	@Test
	void keepsWhatWasThereAsTheClientAsks() {
		this.client.importAndAwait("name,email,company\nAda,ada@example.org,\n", "");

		JsonNode filled = this.client.importAndAwait("name,email,company\nNot Ada,ADA@example.org,Analytical Engines\n",
				"&onDuplicate=fill");
		JsonNode skipped = this.client.importAndAwait("name,email,company\nNot Ada,ada@example.org,Other\n",
				"&onDuplicate=skip");

		assertThat(filled.path("rows").path("updated").asInt()).isOne();
		assertThat(skipped.path("rows").path("skipped").asInt()).isOne();
		JsonNode ada = ImportClient.json(this.client.get("/api/contacts")).path("items").path(0);
		assertThat(ada.path("fullName").asString()).isEqualTo("Ada");
		assertThat(ada.path("company").asString()).isEqualTo("Analytical Engines");
		assertThat(ada.path("emails").toString()).isEqualTo("[\"ada@example.org\"]");
		assertThat(ada.path("version").asInt()).isEqualTo(2);
	}

	private List<JsonNode> notifications() {
		return CommittedRecords.of(this.kafka, this.prefix + "notifications")
			.stream()
			.filter((record) -> record.key().equals(this.client.channelId()))
			.map((record) -> JsonMapper.shared().readTree(record.value()))
			.toList();
	}

	/**
	 * Of 2,500 rows each file has 500 of its own; the others are in all four, forwards or
	 * backwards.
	 */
	private static String overlapping(int file) {
		List<String> rows = new ArrayList<>(IntStream.range(0, 2_500)
			.mapToObj((i) -> "P%d of %d,p%d%s@example.org".formatted(i, file, i, (i < 500) ? "-" + file : ""))
			.toList());
		if (file % 2 == 1) {
			Collections.reverse(rows);
		}
		return "name,email\n" + String.join("\n", rows);
	}

	private static String row(int i) {
		String email = (i % 1000 == 0) ? "person" + i : "person" + i + "@example.org";
		return "\"Person \"\"%d\"\"\nof many\";%s;030 2000%04d;blue\n".formatted(i, email, i);
	}

}
