package io.sitestream.platform.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Every error that a client can bring about is a problem with a type of ours, whoever
 * noticed it: a controller, a functional endpoint, Spring, the security filters, Tomcat.
 */
@SitestreamTest
class ProblemsIntegrationTests {

	private static final String[] NONE = {};

	@LocalServerPort
	int port;

	ApiClient api;

	@BeforeEach
	void connect() {
		this.api = new ApiClient(this.port);
		await("the stores").atMost(Duration.ofSeconds(60))
			.until(() -> this.api.get("/actuator/health/readiness").status() == 200
					&& this.api.get("/api/installed-apps/by-site/unknown").status() != 503);
	}

	@ParameterizedTest(name = "{0} {1} {3} [{2}]")
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			textBlock = """
					# nobody is there
					GET    | /api/nothing                    |                      |                 | 404 | not-found         | Nothing is at '/api/nothing' in this process, which runs the modules appsreader, appswriter,
					POST   | /api/nothing                    |                      | {}              | 404 | not-found         | '/api/nothing'
					GET    | /nothing                        |                      |                 | 404 | not-found         | '/nothing'
					GET    | /actuator/nothing               |                      |                 | 404 | not-found         | '/actuator/nothing'
					GET    | /error                          |                      |                 | 404 | not-found         | GET
					GET    | /api/sites/unknown              |                      |                 | 404 | unknown-site      | 'unknown'
					GET    | /api/site-commands/unknown      |                      |                 | 404 | unknown-command   | 'unknown'
					# another method or form
					PATCH  | /api/sites                      |                      | {}              | 405 | method-not-allowed | PATCH is not supported here. Allowed are: POST.
					POST   | /api/sites/s                    |                      | {}              | 405 | method-not-allowed | Allowed are: DELETE, GET, PUT.
					POST   | /api/sites                      | Content-Type: text/plain | x           | 415 | unsupported-media-type | 'text/plain' is not supported. Allowed are: application/json
					POST   | /api/sites                      | Content-Type: nonsense | x             | 415 | unsupported-media-type | Content-Type
					GET    | /actuator/info                  | Accept: text/csv     |                 | 406 | not-acceptable    | Accept 'text/csv' cannot be answered. Possible are:
					# bodies
					POST   | /api/sites                      |                      | {"ownerId":     | 400 | invalid-body      | cannot be read as JSON
					POST   | /api/sites                      |                      | [1]             | 400 | invalid-body      | The body has another form than allowed: expected an object
					POST   | /api/sites                      |                      | null            | 400 | invalid-body      | expected JSON
					POST   | /api/sites                      | Content-Type: application/json |       | 400 | invalid-body      | expected JSON
					POST   | /api/sites                      |                      | {"ownerId":"o","name":"n","apps":5} | 400 | invalid-body | Property 'apps' has another form than allowed: expected a list
					POST   | /api/sites                      |                      | {"ownerId":"o","name":{"a":1}}      | 400 | invalid-body | Property 'name' has another form than allowed: expected text
					POST   | /api/sites                      |                      | {"ownerId":"o","name":"n","apps":[{"appId":"a","version":"1","status":"ON"}]} | 400 | invalid-body | Property 'apps[0].status' is 'ON', which is not allowed: expected one of [ENABLED, DISABLED]
					POST   | /api/sites                      |                      | {"ownerId":"o","name":"n","colour":"red"} | 400 | unknown-property | 'colour' is unknown. Known are: apps,
					POST   | /api/sites                      |                      | {"ownerId":"o","name":"n","apps":[{"appId":"a","version":"1","size":2}]} | 400 | unknown-property | 'apps[0].size' is unknown
					POST   | /api/sites                      |                      | {"ownerId":"o","name":"n","publishedVersion":"first"} | 400 | invalid-body | Property 'publishedVersion' has another form than allowed: expected a number
					POST   | /api/sites                      |                      | {"ownerId":"o","name":5}   | 400 | invalid-body      | Property 'name' is '5', which is not allowed: expected text
					POST   | /api/sites                      |                      | {"ownerId":"o","name":true} | 400 | invalid-body     | Property 'name' is 'true', which is not allowed: expected text
					POST   | /api/sites                      |                      | {"ownerId":"o","name":"n","publishedVersion":"5"} | 400 | invalid-body | Property 'publishedVersion' has another form than allowed: expected a number
					POST   | /api/sites                      |                      | {"ownerId":"o","name":"n","publishedVersion":5.5} | 400 | invalid-body | Property 'publishedVersion'
					POST   | /api/sites                      |                      | {"ownerId":"o","name":"n","publishedVersion":""} | 400 | invalid-body | Property 'publishedVersion'
					POST   | /api/sites                      |                      | {"ownerId":"o","name":"n","apps":[{"appId":"a","version":1.5}]} | 400 | invalid-body | Property 'apps[0].version' is '1.5', which is not allowed: expected text
					POST   | /api/installed-apps/by-site     |                      | {"siteIds":[7]} | 400 | invalid-body      | Property 'siteIds[0]' is '7', which is not allowed: expected text
					PUT    | /api/countries/SS               |                      | {"name":7}      | 400 | invalid-body      | Property 'name' is '7', which is not allowed: expected text
					# values
					POST   | /api/sites                      |                      | {"ownerId":"o o","name":"n"}  | 400 | invalid-id   | 'o o' is not allowed: it must match
					POST   | /api/sites                      |                      | {"name":"n"}    | 400 | invalid-site      | ownerId is missing
					GET    | /api/sites/a%20b                |                      |                 | 400 | invalid-id        | 'a b' is not allowed
					DELETE | /api/sites/a%20b                |                      |                 | 400 | invalid-id        | 'a b' is not allowed
					DELETE | /api/sites/s                    | Account-Id: a b      |                 | 400 | invalid-id        | 'a b' is not allowed
					DELETE | /api/sites/s                    | If-Match: three      |                 | 400 | invalid-if-match  | three
					DELETE | /api/sites/s                    | Prefer: wait=30      |                 | 404 | unknown-site      | 's'
					# functional endpoints
					GET    | /api/installed-apps/nothing     |                      |                 | 404 | not-found         | '/api/installed-apps/nothing'
					DELETE | /api/installed-apps/by-site/s   |                      |                 | 405 | method-not-allowed | DELETE is not supported here. Allowed are: GET.
					GET    | /api/installed-apps/by-site     |                      |                 | 405 | method-not-allowed | GET is not supported here. Allowed are: POST.
					PUT    | /api/installed-apps/by-app/a    |                      | {}              | 405 | method-not-allowed | Allowed are: GET.
					GET    | /api/installed-apps/by-site/unknown |                  |                 | 404 | unknown-site      | 'unknown'
					GET    | /api/installed-apps/by-site/a%20b |                    |                 | 400 | invalid-id        | 'a b' is not allowed
					GET    | /api/installed-apps/by-app/a?limit=0 |                 |                 | 400 | invalid-parameter | limit '0' is not allowed
					GET    | /api/installed-apps/by-app/a?limit=many |              |                 | 400 | invalid-parameter | limit 'many' is not allowed
					GET    | /api/installed-apps/by-app/a    | Consistency-Token: x |                 | 400 | invalid-token     | 'x' cannot be read
					POST   | /api/installed-apps/by-site     |                      | {"siteIds":[]}  | 400 | invalid-site-ids  | 0 entries
					POST   | /api/installed-apps/by-site     |                      | {"siteIds":     | 400 | invalid-body      | cannot be read as JSON
					POST   | /api/installed-apps/by-site     |                      | {"sites":["a"]} | 400 | unknown-property  | 'sites' is unknown. Known are: siteIds.
					POST   | /api/installed-apps/by-site     | Content-Type: application/json |       | 400 | invalid-body      | expected JSON
					POST   | /api/installed-apps/by-site     | Content-Type: text/plain | x           | 415 | unsupported-media-type | 'text/plain' is not supported
					# limits of lists
					GET    | /api/installed-apps/by-app/a?limit=1001 |              |                 | 400 | invalid-parameter | limit
					GET    | /api/contacts?limit=0           |                      |                 | 400 | invalid-parameter | limit 0 is not allowed: it must be from 1 to 1000
					GET    | /api/contacts?limit=1001        |                      |                 | 400 | invalid-parameter | limit 1001 is not allowed
					GET    | /api/contact-imports?limit=0    |                      |                 | 400 | invalid-parameter | limit 0 is not allowed
					GET    | /api/contact-imports?limit=1001 |                      |                 | 400 | invalid-parameter | limit 1001 is not allowed
					# reference data
					PATCH  | /api/countries                  |                      | {}              | 405 | method-not-allowed | Allowed are: GET.
					GET    | /api/countries/ZZ               |                      |                 | 404 | unknown-country   | 'ZZ'
					PUT    | /api/countries/ss               |                      | {"name":"x"}    | 400 | invalid-country   | 'ss'
					PUT    | /api/countries/SS               |                      | {"label":"x"}   | 400 | unknown-property  | 'label' is unknown. Known are: name.
					GET    | /api/bookings/time-zones/No/Where |                    |                 | 404 | unknown-time-zone | 'No/Where'
					PUT    | /api/bookings/time-zone-overrides/Africa/Juba |        | {"standardOffset":"two"} | 400 | invalid-override | 'two'
					GET    | /api/ticketing/local-time       |                      |                 | 400 | missing-parameter | Parameter 'zone' is missing
					GET    | /api/ticketing/local-time?zone=No/Where&at=2026-11-23T12:00:00Z |              |                 | 404 | unknown-time-zone | 'No/Where'
					GET    | /api/ticketing/local-time?zone=Europe/Berlin&at=noon | |                 | 400 | invalid-parameter | at is 'noon': expected an instant of ISO 8601
					# contacts
					GET    | /api/contacts/unknown           |                      |                 | 404 | unknown-contact   | 'unknown'
					GET    | /api/contact-imports/unknown    |                      |                 | 404 | unknown-import    | 'unknown'
					GET    | /api/contact-imports/unknown/rejections |              |                 | 404 | unknown-import    | 'unknown'
					POST   | /api/contact-imports            | Content-Type: text/csv | name          | 400 | missing-channel   | channelId
					POST   | /api/contact-imports?channelId=short | Content-Type: text/csv | name     | 400 | invalid-id        | 'short'
					POST   | /api/contact-imports?channelId=0123456789abcdef | Content-Type: application/pdf | x | 415 | unsupported-format | application/pdf
					POST   | /api/contact-imports?channelId=0123456789abcdef | Content-Type: text/csv |  | 400 | unusable-file    | empty
					# the security filters' firewall
					GET    | /api//sites                     |                      |                 | 400 | bad-request       | /api//sites
					GET    | /api/sites/a;b=c                |                      |                 | 400 | bad-request       | /api/sites/a;b=c
					""")
	void everyErrorIsAProblem(String method, String path, @Nullable String header, @Nullable String body, int status,
			String slug, String detail) {
		String[] headers = (header != null) ? header.split(": ", 2) : NONE;
		boolean typed = header != null && header.startsWith("Content-Type");

		Answer answer = typed ? this.api.sendTyped(method, path, (body != null) ? body : "", headers[1])
				: this.api.send(method, path, (body != null) ? body : "", headers);

		assertThat(answer.status()).as(answer.body()).isEqualTo(status);
		assertThat(answer.header("Content-Type")).hasValue("application/problem+json");
		assertIsProblem(answer.json(), status, slug, detail);
	}

	@Test
	void methodsThatAreAllowedAreNamedInTheHeader() {
		assertThat(this.api.send("PATCH", "/api/sites", "{}").header("Allow")).hasValue("POST");
		assertThat(this.api.delete("/api/installed-apps/by-site/s").header("Allow")).hasValue("GET");
	}

	@Test
	void whatEndsLikeAFileIsNoDownload() {
		assertThat(this.api.get("/actuator/deadletters/t.dlq").header("Content-Disposition")).isEmpty();
	}

	@Test
	void headersOfProblemsAreKept() {
		assertThat(this.api.get("/api/installed-apps/by-site/unknown").header("Projection-Lag")).isPresent();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "GET /api/sites/%zz HTTP/1.1 | 400", "GET /api/sites/{a} HTTP/1.1 | 400",
					"GET /api/sites/a%00 HTTP/1.1 | 400", "GET /api/sites/a%2Fb HTTP/1.1 | 400", "NONSENSE | 400",
					"GET / HTTP/7.1 | 505" })
	void requestsThatOnlyTomcatSeesAreAnsweredWithProblemsToo(String line, int status) throws IOException {
		assertTomcatAnswers(line + "\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", status);
	}

	@Test
	void headersThatAreTooLongAreAProblem() throws IOException {
		assertTomcatAnswers("GET /api/sites/s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nX-Long: %s\r\n\r\n"
			.formatted("x".repeat(7_000)) + "", 404);
		assertTomcatAnswers("GET /api/sites/s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nX-Long: %s\r\n\r\n"
			.formatted("x".repeat(9_000)), 400);
	}

	private void assertTomcatAnswers(String request, int status) throws IOException {
		String answer;
		try (Socket socket = new Socket("127.0.0.1", this.port)) {
			socket.setSoTimeout(30_000);
			socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
			answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}

		assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
		assertThat(answer).containsIgnoringCase("content-type: application/problem+json");
		JsonNode problem = JsonMapper.builder()
			.build()
			.readTree(answer.substring(answer.indexOf('{'), answer.lastIndexOf('}') + 1));
		assertThat(problem.at("/status").asInt()).isEqualTo(status);
		assertThat(problem.at("/type").asString()).startsWith("urn:sitestream:problem:");
		assertThat(problem.at("/detail").asString()).isNotBlank();
		assertThat(answer).doesNotContain("Exception", "\tat ", "Tomcat");
	}

	private static void assertIsProblem(JsonNode problem, int status, String slug, String detail) {
		assertThat(problem.propertyNames()).contains("type", "title", "status", "detail")
			.isSubsetOf("type", "title", "status", "detail", "instance");
		assertThat(problem.at("/type").asString()).isEqualTo("urn:sitestream:problem:" + slug);
		assertThat(problem.at("/title").asString()).isEqualTo(HttpStatus.valueOf(status).getReasonPhrase());
		assertThat(problem.at("/status").asInt()).isEqualTo(status);
		assertThat(problem.at("/detail").asString()).contains(detail)
			.endsWith(".")
			.doesNotContain("Exception", "\tat ", "io.sitestream", "java.");
	}

	@ParameterizedTest
	@CsvSource({ "POST, /api/sites, name", "POST, /api/installed-apps/by-site, siteIds", "PUT, /api/contacts/c, notes",
			"PUT, /api/countries/SS, name" })
	void aBodyThatIsTooLargeIsNotReadIntoMemory(String method, String path, String property) {
		String body = "{\"%s\":\"%s\"}".formatted(property, "x".repeat((int) BodyLimit.LARGEST));

		Answer refused = this.api.send(method, path, body);

		assertThat(refused.status()).as(refused.body()).isEqualTo(413);
		assertThat(refused.json().at("/type").asString()).isEqualTo("urn:sitestream:problem:body-too-large");
	}

	@Test
	void aBodyOfUnknownLengthIsReadUpToTheLimit() throws Exception {
		String body = "{\"name\":\"%s\"}".formatted("x".repeat((int) BodyLimit.LARGEST));
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/api/sites".formatted(this.port)))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))))
			.build();
		try (HttpClient client = HttpClient.newHttpClient()) {
			HttpResponse<String> refused = client.send(request, BodyHandlers.ofString());

			assertThat(refused.statusCode()).as(refused.body()).isEqualTo(413);
			assertThat(refused.body()).contains("urn:sitestream:problem:body-too-large");
		}
	}

}
