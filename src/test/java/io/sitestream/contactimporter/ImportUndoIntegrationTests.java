package io.sitestream.contactimporter;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamTest;
import io.sitestream.contactjobs.CommittedRecords;
import io.sitestream.contactjobs.ImportClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SitestreamTest(modules = { "contactjobs", "contactimporter" })
class ImportUndoIntegrationTests {

	@LocalServerPort
	int port;

	@Value("${spring.kafka.bootstrap-servers}")
	String kafka;

	@Value("${sitestream.topics.prefix}")
	String prefix;

	ImportClient client;

	ApiClient api;

	@BeforeEach
	void connect() {
		this.client = new ImportClient(this.port);
		this.api = new ApiClient(this.port);
	}

	@Test
	void removesAndRestoresContactsAndKeepsThoseThatWereEditedSince() {
		this.client.importAndAwait("name,email\nAda,ada@example.org\nBen,ben@example.org\n", "");
		JsonNode ada = contact("ada@");
		String path = path(this.client.importAndAwait("""
				name,email,phone,company
				Ada L.,ada@example.org,+4930901820,Engines
				Ben,ben@example.org,,Ships
				Cem,cem@example.org,,
				Dot,dot@example.org,,
				""", ""));
		edit(contact("ben@"), "Shipyard");
		edit(contact("dot@"), "Dots");

		assertThat(delete(path).status()).isEqualTo(202);
		JsonNode undone = awaitUndone(path);

		assertThat(undone.path("undo").toString()).isEqualTo("{\"removed\":1,\"restored\":1,\"kept\":2}");
		assertThat(undone.path("rows").path("total").asInt()).isEqualTo(4);
		JsonNode restored = contact("ada@");
		assertThat(restored.path("version").asInt()).isEqualTo(3);
		assertThat(((ObjectNode) restored).without("version")).isEqualTo(((ObjectNode) ada).without("version"));
		assertThat(contact("ben@").path("company").asString()).isEqualTo("Shipyard");
		assertThat(contact("dot@").path("company").asString()).isEqualTo("Dots");
		assertThat(contacts("cem@")).isEmpty();
		assertThat(delete(path).status()).as("once more").isEqualTo(202);
		assertThat(told()).containsSubsequence("contact-import.completed", "contact-import.undone")
			.endsWith("contact-import.undone")
			.filteredOn("contact-import.undone"::equals)
			.hasSize(1);
	}

	@Test
	void importsCanBeUndoneOneAfterTheOther() {
		String first = path(this.client.importAndAwait("name,email\nAda,ada@example.org\n", ""));
		String second = path(this.client.importAndAwait("name,email\nAda L.,ada@example.org\n", ""));

		delete(second);
		awaitUndone(second);
		assertThat(contact("ada@").path("fullName").asString()).isEqualTo("Ada");
		delete(first);

		assertThat(awaitUndone(first).path("undo").path("removed").asInt()).isOne();
		assertThat(contacts("ada@")).isEmpty();
	}

	@Test
	void undoesWhatAFailedUploadHasStored() {
		String csv = "name,email\n" + IntStream.range(0, 20_000)
			.mapToObj((i) -> "P" + i + ",p" + i + "@example.org\n")
			.collect(Collectors.joining()) + "\"never closed";
		String path = this.client.upload(csv, "").headers().firstValue("Location").orElseThrow();

		delete(path);

		awaitUndone(path);
		await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
			JsonNode undo = ImportClient.json(this.client.get(path));
			assertThat(undo.path("undo").path("removed").asLong()).isEqualTo(undo.path("rows").path("created").asLong())
				.isPositive();
			assertThat(contacts("")).isEmpty();
		});
	}

	@Test
	void keepsExactlyWhatWasEditedBeforeItsTurn() {
		String path = path(this.client.importAndAwait("name,email\n" + IntStream.range(0, 12_000)
			.mapToObj((i) -> "P" + i + ",p" + i + "@example.org\n")
			.collect(Collectors.joining()), ""));
		List<JsonNode> some = ImportClient.json(this.client.get("/api/contacts?limit=1000"))
			.path("items")
			.valueStream()
			.filter((contact) -> contact.path("fullName").asString().endsWith("7"))
			.toList();

		delete(path);
		List<Integer> answers = some.stream().parallel().map((contact) -> put(contact, "Edited").status()).toList();
		JsonNode undone = awaitUndone(path).path("undo");

		assertThat(answers).hasSizeGreaterThan(50)
			.containsAnyOf(200, 404)
			.allMatch((status) -> status == 200 || status == 404);
		long edited = answers.stream().filter((status) -> status == 200).count();
		assertThat(undone.path("kept").asLong()).isEqualTo(edited);
		assertThat(undone.path("removed").asLong()).isEqualTo(12_000 - edited);
		assertThat(ImportClient.json(this.client.get("/api/contacts?limit=1000")).path("items").size())
			.isEqualTo((int) edited);
	}

	@Test
	void refusesForeignImports() {
		String path = path(this.client.importAndAwait("name,email\nAda,ada@example.org\n", ""));

		assertThat(this.api.delete(path, "Account-Id", "somebody").status()).isEqualTo(404);
	}

	private Answer delete(String path) {
		return this.api.delete(path, "Account-Id", this.client.account());
	}

	private JsonNode awaitUndone(String path) {
		return await().atMost(Duration.ofSeconds(60))
			.until(() -> ImportClient.json(this.client.get(path)),
					(found) -> found.path("state").asString().equals("UNDONE"));
	}

	private void edit(JsonNode contact, String company) {
		Answer answer = put(contact, company);
		assertThat(answer.status()).as(answer.body()).isEqualTo(200);
	}

	private Answer put(JsonNode contact, String company) {
		return this.api.put("/api/contacts/" + contact.path("contactId").asString(),
				((ObjectNode) contact.deepCopy()).put("company", company).toString(), "Account-Id",
				this.client.account());
	}

	private JsonNode contact(String words) {
		return contacts(words).getFirst();
	}

	private List<JsonNode> contacts(String words) {
		return ImportClient.json(this.client.get("/api/contacts?q=" + words)).path("items").valueStream().toList();
	}

	private static String path(JsonNode done) {
		return "/api/contact-imports/" + done.path("importId").asString();
	}

	private List<String> told() {
		return CommittedRecords.of(this.kafka, this.prefix + "notifications")
			.stream()
			.filter((record) -> record.key().equals(this.client.channelId()))
			.map((record) -> JsonMapper.shared().readTree(record.value()).path("type").asString())
			.toList();
	}

}
