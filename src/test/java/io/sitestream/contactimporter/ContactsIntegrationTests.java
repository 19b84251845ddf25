package io.sitestream.contactimporter;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamTest;
import io.sitestream.contactjobs.ImportClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

@SitestreamTest(modules = { "contactjobs", "contactimporter" })
class ContactsIntegrationTests {

	@LocalServerPort
	int port;

	ImportClient client;

	ApiClient api;

	@BeforeEach
	void connect() {
		this.client = new ImportClient(this.port);
		this.api = new ApiClient(this.port);
	}

	@Test
	void aContactIsPutOnlyOnTheVersionThatWasRead() {
		JsonNode ada = aContact("name,email,phone\nAda,ada@example.org,+49 30 901820\n");
		String path = "/api/contacts/" + ada.path("contactId").asString();
		ObjectNode changed = (ObjectNode) ada.deepCopy();
		changed.put("company", "Engines").putArray("emails").add("ada@engines.example");
		changed.putArray("phones").add("+49 (30) 901821");

		Answer put = this.api.put(path, changed.toString(), account("If-Match", "\"1\""));

		assertThat(put.status()).as(put.body()).isEqualTo(200);
		assertThat(put.header("ETag")).hasValue("\"2\"");
		assertThat(put.json().path("company").asString()).isEqualTo("Engines");
		assertThat(put.json().path("phones").toString()).isEqualTo("[\"+4930901821\"]");
		assertThat(this.api.get(path, account()).json()).isEqualTo(put.json());
		assertThat(this.api.get(path, account()).header("ETag")).hasValue("\"2\"");
		assertProblem(this.api.put(path, changed.toString(), account("If-Match", "\"1\"")), 412, "version-conflict");
		assertProblem(this.api.put(path, changed.toString(), account()), 412, "version-conflict");
		changed.remove("version");
		Answer again = this.api.put(path, changed.toString(), account());
		assertThat(again.header("ETag")).as("the same once more is no change").hasValue("\"2\"");
		assertThat(this.client.importAndAwait("name,email\nAnother,ada@example.org\n", "").path("rows").path("created"))
			.as("the old address finds it no longer")
			.hasToString("1");
	}

	@Test
	void aContactIsDeletedOnTheVersionThatWasRead() {
		String path = "/api/contacts/" + aContact("name,email\nAda,ada@example.org\n").path("contactId").asString();

		assertProblem(this.api.delete(path, account("If-Match", "\"2\"")), 412, "version-conflict");
		assertProblem(this.api.delete(path, account("If-Match", "2")), 400, "invalid-if-match");
		assertProblem(this.api.delete(path, "Account-Id", "somebody"), 404, "unknown-contact");
		Answer exists = this.api.delete(path, account("If-None-Match", "*"));
		assertProblem(exists, 412, "version-conflict");
		assertThat(exists.header("ETag")).hasValue("\"1\"");
		assertProblem(this.api.put(path, "{\"emails\":[\"a@example.org\"]}", account("If-None-Match", "W/\"1\"")), 412,
				"version-conflict");
		assertProblem(this.api.delete(path, account("If-Match", "W/\"1\"")), 412, "version-conflict");
		assertThat(this.api.delete(path, account("If-Match", "\"7\", \"1\"")).status()).isEqualTo(204);
		assertProblem(this.api.delete(path, account()), 404, "unknown-contact");
		assertProblem(this.api.put(path, "{\"emails\":[\"a@example.org\"]}", account()), 404, "unknown-contact");
		assertThat(this.client.importAndAwait("name,email\nAda,ada@example.org\n", "").path("rows").path("created"))
			.hasToString("1");
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', delimiter = '|',
			value = { "{\"fullName\":\"Nobody\"} | no-identifier", "{\"emails\":[\"ada\"]} | invalid-email",
					"{\"phones\":[\"030 1\"]} | phone-region",
					"{\"emails\":[\"a@example.org\"],\"labels\":[\"a, b\"]} | label 'a, b' cannot be kept",
					"{\"emails\":[\"a@example.org\"],\"birthday\":\"01/02/2003\"} | ambiguous-birthday",
					"{\"contactId\":\"other\",\"emails\":[\"a@example.org\"]} | contactId 'other'" })
	void refusesContactsThatAnImportWouldReject(String body, String reason) {
		String path = "/api/contacts/" + aContact("name,email\nAda,ada@example.org\n").path("contactId").asString();

		Answer answer = this.api.put(path, body, account());

		assertProblem(answer, 400, "invalid-contact");
		assertThat(answer.json().path("detail").asString()).contains(reason);
	}

	@ParameterizedTest
	@CsvSource({ "csv, text/csv", "vcard, text/vcard" })
	void whatIsExportedAndImportedAgainIsTheSame(String format, String type) {
		importContacts();

		String file = this.client.get("/api/contacts/export?format=" + format).body();
		ImportClient other = new ImportClient(this.port);
		JsonNode done = other.awaitDone(ImportClient.accepted(other.upload(BodyPublishers.ofString(file), type, "")));

		assertThat(done.path("rows").path("created").asInt()).as(file).isEqualTo(6);
		assertThat(contacts(other)).containsExactlyElementsOf(contacts(this.client));
		assertThat(other.get("/api/contacts/export?format=" + format).body()).isEqualTo(file);
		JsonNode again = this.client
			.awaitDone(ImportClient.accepted(this.client.upload(BodyPublishers.ofString(file), type, "")));
		assertThat(again.path("rows").path("unchanged").asInt()).isEqualTo(6);
	}

	@ParameterizedTest
	@CsvSource({ "csv, text/csv, 1", "vcard, text/vcard, 1", "csv, text/csv, 2", "vcard, text/vcard, 2" })
	void anyContactsAreTheSameAfterExportAndImport(String format, String type, long seed) {
		JsonNode imported = this.client.importAndAwait(RandomContacts.csv(new Random(seed), 200), "");
		assertThat(imported.path("rows").path("created").asInt()).isEqualTo(200);

		String file = this.client.get("/api/contacts/export?format=" + format).body();
		ImportClient other = new ImportClient(this.port);
		other.awaitDone(ImportClient.accepted(other.upload(BodyPublishers.ofString(file), type, "")));

		assertThat(contacts(other, "?limit=1000")).hasSize(200)
			.containsExactlyElementsOf(contacts(this.client, "?limit=1000"));
		JsonNode again = this.client
			.awaitDone(ImportClient.accepted(this.client.upload(BodyPublishers.ofString(file), type, "")));
		assertThat(again.path("rows").path("unchanged").asInt()).isEqualTo(200);
	}

	@Test
	void noExportedCellIsTakenForAFormula() {
		importContacts();

		String csv = this.client.get("/api/contacts/export").body();
		JsonNode rejected = this.client.importAndAwait("name,email\n=cmd(),nobody\n", "");
		String rejections = this.client
			.get("/api/contact-imports/" + rejected.path("importId").asString() + "/rejections")
			.body();

		assertThat(csv).contains("\"'=HYPERLINK(\"\"http://example.org\"\",\"\"x\"\")\"").contains(",'@home");
		assertThat(rejections.lines().toList().get(1)).startsWith("'=cmd(),nobody,1,");
	}

	@Test
	void namesTheFormatsThatThereAre() {
		assertProblem(this.api.get("/api/contacts/export?format=xml", account()), 400, "invalid-parameter");
	}

	private void importContacts() {
		this.client.importAndAwait(
				"""
						Name;Given Name;Family Name;Email;Phone;Company;Job Title;Birthday;Labels;Notes;Address 1 - Street;Address 1 - City;Address 2 - Formatted
						Ada Lovelace;Ada;Lovelace;ada@example.org ::: ADA@engines.example;+493090182 ::: +49309018;Engines, Ltd.;Poet;10.12.1815;Friends, Maths;"two
						lines; and ""quotes"", \\backslash\\n";"1, St James's
						first floor";London;"Somewhere ""else""
						^n out there"
						''=quoted;;;q@example.org;;=HYPERLINK("http://example.org","x");@home;--12-09;-label;+1+1;;=1;
						;Only;;only@example.org;;;;;;;;;
						;;Last;last@example.org;;;;;;;;;-
						;;;;+211912345678;;;;;;;;
						'tis O'Neill;;;o'neill@example.org;;'';;;;  inner   blanks ;;;
						""",
				"");
	}

	private JsonNode aContact(String csv) {
		this.client.importAndAwait(csv, "");
		return ImportClient.json(this.client.get("/api/contacts")).path("items").path(0);
	}

	private static List<JsonNode> contacts(ImportClient client) {
		return contacts(client, "");
	}

	private static List<JsonNode> contacts(ImportClient client, String query) {
		return ImportClient.json(client.get("/api/contacts" + query))
			.path("items")
			.valueStream()
			.map((contact) -> ((ObjectNode) contact).without(List.of("contactId", "version")))
			.map(JsonNode.class::cast)
			.sorted(Comparator.comparing(JsonNode::toString))
			.toList();
	}

	private String[] account(String... headers) {
		String[] all = Arrays.copyOf(headers, headers.length + 2);
		all[headers.length] = "Account-Id";
		all[headers.length + 1] = this.client.account();
		return all;
	}

	private static void assertProblem(Answer answer, int status, String slug) {
		assertThat(answer.status()).as(answer.body()).isEqualTo(status);
		assertThat(answer.json().path("type").asString()).isEqualTo("urn:sitestream:problem:" + slug);
	}

}
