package io.sitestream.contactimporter;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.UUID;

import javax.sql.DataSource;

import io.sitestream.ApiClient;
import io.sitestream.SitestreamTest;
import io.sitestream.contactjobs.ImportClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Text that is canonically equal is equal, whatever program wrote it. Here an é of two
 * code points, as Apple's programs write it, stands against one of one.
 */
@SitestreamTest(modules = { "contactjobs", "contactimporter" })
class CanonicalTextIntegrationTests {

	private static final String FILE = "name,email,labels,city\nZoë Émile,zoë@example.org,Café,Zürich\n";

	@LocalServerPort
	int port;

	@Autowired
	JdbcClient jdbc;

	@Autowired
	DataSource database;

	ImportClient client;

	ApiClient api;

	@BeforeEach
	void connect() {
		this.client = new ImportClient(this.port);
		this.api = new ApiClient(this.port);
	}

	@Test
	void aFileInTheOtherFormChangesNothing() {
		this.client.importAndAwait(decomposed(FILE), "");

		JsonNode again = this.client.importAndAwait(FILE, "");

		assertThat(again.path("rows").path("unchanged").asInt()).as(again.toString()).isOne();
		JsonNode contact = contacts("").get(0);
		assertThat(contact.path("fullName").asString()).as("as given").isEqualTo(decomposed("Zoë Émile"));
		assertThat(contact.path("emails").toString()).as("in NFC").isEqualTo("[\"zoë@example.org\"]");
		assertThat(contact.path("labels")).hasSize(1);
		assertThat(contact.path("addresses").toString()).as("as given").contains(decomposed("Zürich"));
		assertThat(contact.path("version").asInt()).isOne();
	}

	@ParameterizedTest
	@CsvSource({ "Zoë, 1", "zOË, 1", "émile, 1", "CAFÉ, 1", "ZOË@example, 1", "zoe, 0", "Emile, 0", "cafe, 0" })
	void aSearchFindsBothFormsInAnyCaseAndNoLetterWithinAnother(String words, int found) {
		this.client.importAndAwait(decomposed(FILE), "");
		this.client.importAndAwait("name,email\nEmil,emil@example.org\n", "");

		assertThat(contacts(words)).hasSize(found);
		assertThat(contacts(decomposed(words))).hasSize(found);
	}

	@Test
	void aContactThatIsPutHasALabelOnce() {
		this.client.importAndAwait(FILE, "");
		String path = "/api/contacts/" + contacts("").get(0).path("contactId").asString();

		ApiClient.Answer put = this.api.put(path,
				"{\"emails\":[\"zoë@example.org\",\"%s\"],\"labels\":[\"Café\",\"%s\"]}"
					.formatted(decomposed("zoë@example.org"), decomposed("Café")),
				"Account-Id", this.client.account());

		assertThat(put.status()).as(put.body()).isEqualTo(200);
		assertThat(put.json().path("emails").toString()).isEqualTo("[\"zoë@example.org\"]");
		assertThat(put.json().path("labels").toString()).isEqualTo("[\"Café\"]");
	}

	/** As the release before has stored them. */
	@Test
	void addressesThatAreStoredInTheOtherFormAreFoundAndBroughtIntoNfc() {
		String both = stored("[\"%s\",\"zoë@example.org\"]".formatted(decomposed("zoë@example.org")),
				decomposed("zoë@example.org"), "zoë@example.org");
		String one = stored("[\"%s\",\"i@example.org\"]".formatted(decomposed("é@example.org")),
				decomposed("é@example.org"), "i@example.org");
		assertThat(this.client.importAndAwait("email\né@example.org\n", "").path("rows").path("created").asInt())
			.as("before it was migrated")
			.isZero();
		this.jdbc.sql("update contacts.contact_email set email = normalize(email, NFD) where contact_id = ?")
			.param(one)
			.update();

		new ResourceDatabasePopulator(new ClassPathResource("db/migration/contactimporter/V5__emails_in_one_form.sql"))
			.execute(this.database);

		assertThat(keys(both)).isEqualTo("zoë@example.org");
		assertThat(emails(both)).isEqualTo("[\"zoë@example.org\"]");
		assertThat(keys(one)).isEqualTo("i@example.org é@example.org");
		assertThat(emails(one)).isEqualTo("[\"é@example.org\", \"i@example.org\"]");
	}

	private String stored(String emails, String... keys) {
		String contactId = "contact-" + UUID.randomUUID();
		this.jdbc.sql(
				"insert into contacts.contact (contact_id, account, version, emails, phones, labels, addresses) values (?, ?, 1, ?::jsonb, '[]', '[]', '[]')")
			.param(contactId)
			.param(this.client.account())
			.param(emails)
			.update();
		for (String key : keys) {
			this.jdbc.sql("insert into contacts.contact_email (account, email, contact_id) values (?, ?, ?)")
				.param(this.client.account())
				.param(key)
				.param(contactId)
				.update();
		}
		return contactId;
	}

	private String keys(String contactId) {
		return this.jdbc.sql(
				"select string_agg(email, ' ' order by email collate \"C\") from contacts.contact_email where contact_id = ?")
			.param(contactId)
			.query(String.class)
			.single();
	}

	private String emails(String contactId) {
		return this.jdbc.sql("select emails::text from contacts.contact where contact_id = ?")
			.param(contactId)
			.query(String.class)
			.single();
	}

	private JsonNode contacts(String words) {
		return this.api
			.get("/api/contacts?q=" + URLEncoder.encode(words, StandardCharsets.UTF_8), "Account-Id",
					this.client.account())
			.json()
			.path("items");
	}

	private static String decomposed(String text) {
		return Normalizer.normalize(text, Normalizer.Form.NFD);
	}

}
