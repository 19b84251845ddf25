package io.sitestream.contactimporter.web;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sitestream.RawHttp;
import io.sitestream.RawHttp.Answer;
import io.sitestream.SitestreamTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A file that could not be written to its end is never taken for a whole one.
 */
@SitestreamTest(modules = { "contactjobs", "contactimporter" })
class BrokenDownloadIntegrationTests {

	private static final int CONTACTS = 1_200;

	private static final Logger PROBLEMS = (Logger) LoggerFactory.getLogger("io.sitestream.platform.web.ProblemAdvice");

	private static final Logger SERVLETS = (Logger) LoggerFactory.getLogger("org.apache.catalina");

	final ListAppender<ILoggingEvent> log = new ListAppender<>();

	@LocalServerPort
	int port;

	@Autowired
	JdbcClient jdbc;

	final String account = "account-" + UUID.randomUUID();

	@BeforeEach
	void listen() {
		this.log.start();
		PROBLEMS.addAppender(this.log);
		SERVLETS.addAppender(this.log);
		PROBLEMS.setLevel(Level.DEBUG);
	}

	@AfterEach
	void listenNoMore() {
		PROBLEMS.detachAppender(this.log);
		SERVLETS.detachAppender(this.log);
		PROBLEMS.setLevel(null);
	}

	@ParameterizedTest
	@ValueSource(strings = { "csv", "vcard" })
	void anExportThatFailsInItsMiddleBreaksTheConnection(String format) throws IOException {
		insertContacts("Contact");
		spoilContact(900);

		Answer broken = get("/api/contacts/export?format=" + format, "1.1");

		assertThat(broken.status()).isEqualTo(200);
		assertThat(broken.content()).contains("Contact 200").doesNotContain("Contact 1100");
		assertThat(broken.isWhole()).as(tail(broken)).isFalse();
		assertThat(errors()).singleElement()
			.asString()
			.contains("GET /api/contacts/export")
			.doesNotContain(this.account);
	}

	@Test
	void aListOfRejectedRowsThatFailsInItsMiddleBreaksTheConnection() throws IOException {
		String importId = rejectedRows();

		Answer broken = get("/api/contact-imports/%s/rejections".formatted(importId), "1.1");

		assertThat(broken.status()).isEqualTo(200);
		assertThat(broken.content()).contains("Row 200").doesNotContain("Row 1100");
		assertThat(broken.isWhole()).as(tail(broken)).isFalse();
		assertThat(errors()).hasSize(1);
	}

	/**
	 * Its answer could end anywhere: nothing says how long it is, and nothing that it
	 * ends.
	 */
	@Test
	void aClientOfHttp10GetsTheWholeFileOrAProblem() throws IOException {
		insertContacts("Contact");
		String importId = rejectedRows();

		Answer whole = get("/api/contacts/export", "1.0");
		spoilContact(900);
		Answer refused = get("/api/contacts/export?format=vcard", "1.0");
		Answer refusedRows = get("/api/contact-imports/%s/rejections".formatted(importId), "1.0");

		assertThat(whole.status()).isEqualTo(200);
		assertThat(whole.content()).contains("Contact 1200");
		assertThat(whole.has("content-length: " + whole.content().getBytes(StandardCharsets.UTF_8).length)).isTrue();
		assertIsProblemAlone(refused);
		assertIsProblemAlone(refusedRows);
	}

	@Test
	void anExportThatFailsBeforeAnythingWasSentIsAProblem() throws IOException {
		insertContacts("Contact");
		spoilContact(3);

		assertIsProblemAlone(get("/api/contacts/export?format=vcard", "1.1"));
	}

	@Test
	void aClientThatGoesIsNoFault() throws IOException {
		insertContacts("x".repeat(20_000));
		try (Socket client = new Socket("127.0.0.1", this.port)) {
			client.getOutputStream()
				.write("GET /api/contacts/export HTTP/1.1\r\nHost: 127.0.0.1\r\nAccount-Id: %s\r\n\r\n"
					.formatted(this.account)
					.getBytes(StandardCharsets.US_ASCII));
			assertThat(client.getInputStream().readNBytes(15)).asString(StandardCharsets.US_ASCII)
				.isEqualTo("HTTP/1.1 200 \r\n");
			client.setSoLinger(true, 0);
		}

		await("that the server notices").atMost(Duration.ofSeconds(60))
			.until(() -> lines().stream().anyMatch((line) -> line.contains("The client has gone")));
		assertThat(errors()).isEmpty();
	}

	@Test
	void aContactMayHaveTwentyThousandPhones() throws IOException {
		insertContacts("Contact");
		this.jdbc.sql("""
				update contacts.contact set phones = (select jsonb_agg('+4930' || (1000000 + i))
				from generate_series(1, 20000) as i) where account = ? and full_name = 'Contact 7'
				""").param(this.account).update();

		Answer file = get("/api/contacts/export", "1.1");

		assertThat(file.isWhole()).as(tail(file)).isTrue();
		assertThat(file.content()).contains("+49301000001 ::: +49301000002", "+49301020000", "Contact 1200");
	}

	private void insertContacts(String name) {
		this.jdbc
			.sql("""
					insert into contacts.contact (contact_id, account, version, full_name, emails, phones, labels, addresses)
					select ? || '-' || i, ?, 1, ? || ' ' || i, '[]', '[]', '[]', '[]' from generate_series(1, ?) as i
					order by i
					""")
			.param(this.account)
			.param(this.account)
			.param(name)
			.param(CONTACTS)
			.update();
	}

	/** Nothing that we write, but it stands for whatever may happen. */
	private void spoilContact(int number) {
		assertThat(this.jdbc.sql("update contacts.contact set emails = '5', birthday = 'never' where contact_id = ?")
			.param(this.account + "-" + number)
			.update()).isOne();
	}

	private String rejectedRows() {
		String importId = UUID.randomUUID().toString();
		this.jdbc.sql("insert into contacts.imported_file (import_id, account, columns) values (?, ?, '[\"name\"]')")
			.param(importId)
			.param(this.account)
			.update();
		this.jdbc.sql("""
				insert into contacts.rejected_row (import_id, row_number, cells, error)
				select ?, i, case when i = 900 then '5'::jsonb else jsonb_build_array('Row ' || i) end, 'no-identifier'
				from generate_series(1, ?) as i
				""").param(importId).param(CONTACTS).update();
		return importId;
	}

	private Answer get(String path, String version) throws IOException {
		return RawHttp.send(this.port, "GET %s HTTP/%s\nAccount-Id: %s".formatted(path, version, this.account),
				new byte[0]);
	}

	private static void assertIsProblemAlone(Answer answer) {
		assertThat(answer.status()).as(tail(answer)).isEqualTo(500);
		assertThat(answer.has("content-type: application/problem+json")).isTrue();
		assertThat(answer.has("content-disposition")).isFalse();
		assertThat(answer.content()).doesNotContain("Contact 1", "Row 1", "VCARD");
		assertThat(answer.json().at("/type").asString()).isEqualTo("urn:sitestream:problem:internal-error");
	}

	private static String tail(Answer answer) {
		String text = answer.head() + "\n" + answer.content();
		return text.substring(Math.max(0, text.length() - 300));
	}

	private List<String> lines() {
		return List.copyOf(this.log.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
	}

	private List<String> errors() {
		return List.copyOf(this.log.list)
			.stream()
			.filter((event) -> event.getLevel().isGreaterOrEqual(Level.WARN))
			.map(ILoggingEvent::getFormattedMessage)
			.toList();
	}

}
