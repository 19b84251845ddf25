package io.sitestream.platform.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.sitestream.ApiClient;
import io.sitestream.RawHttp;
import io.sitestream.SitestreamTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a client may send without meaning it, and what it must not send. A library does
 * not let one write such requests, so they go out byte by byte.
 */
@SitestreamTest
class RejectedRequestsIntegrationTests {

	private static final String HANDSHAKE = """

			Upgrade: websocket
			Connection: Upgrade
			Sec-WebSocket-Version: 13
			Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==""";

	@LocalServerPort
	int port;

	@BeforeEach
	void awaitStores() {
		ApiClient api = new ApiClient(this.port);
		await("the stores").atMost(Duration.ofSeconds(60))
			.until(() -> api.get("/actuator/health/readiness").status() == 200
					&& api.get("/api/installed-apps/by-site/unknown").status() != 503);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "GET /api/contacts | 200", "GET /api/contact-imports | 200", "GET /api/countries | 200",
					"GET /api/bookings/time-zones | 200", "GET /api/ticketing/time-zones | 200",
					"GET /api/sites/unknown | 404", "DELETE /api/sites/unknown | 404",
					"GET /api/installed-apps/by-site/unknown | 404", "GET /actuator/health/liveness | 200",
					"GET /index.html | 200", "GET /api/nothing | 404" })
	void headersThatNobodyNeedsDoNotMatter(String line, int status) throws IOException {
		RawHttp.Answer answer = RawHttp.send(this.port, line + """
				 HTTP/1.1
				User-Agent: Zażółć И 😀
				CF-IPCity: Łódź
				X-Forwarded-User: Иван""", new byte[0]);

		assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "User-Agent: И 😀 | 101", "CF-IPCity: Łódź | 101", "Origin: http://Łódź | 400" })
	void neitherDoTheyForTheWebSocket(String header, int status) throws IOException {
		try (Socket socket = new Socket("127.0.0.1", this.port)) {
			socket.setSoTimeout(60_000);
			socket.getOutputStream()
				.write("GET /ws HTTP/1.1\nHost: 127.0.0.1\n%s%s\n\n".formatted(header, HANDSHAKE)
					.replace("\n", "\r\n")
					.getBytes(StandardCharsets.UTF_8));

			assertThat(firstLine(socket.getInputStream())).startsWith("HTTP/1.1 %d ".formatted(status));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Account-Id: Łódź", "Idempotency-Key: И", "If-Match: \"Ł\"", "If-None-Match: \"Ł\"",
			"Prefer: wait=Ł", "Consistency-Token: Ł", "Accept: application/Ł", "ce-id: Ł" })
	void aHeaderThatIsUsedAndCannotBeReadIsAProblem(String header) throws IOException {
		for (String path : new String[] { "/api/contacts", "/api/sites/s", "/api/installed-apps/by-site/s" }) {
			RawHttp.Answer answer = RawHttp.send(this.port, "GET %s HTTP/1.1\n%s".formatted(path, header), new byte[0]);

			assertIsProblem(answer, 400, "invalid-header");
			assertThat(answer.json().at("/detail").asString()).contains(header.substring(0, header.indexOf(':')),
					"expected characters of ASCII");
		}
	}

	/** {@code ~} stands for a line break. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-",
			textBlock = """
					# paths and methods: the firewall
					GET /api//sites/s HTTP/1.1                | - | 400 | bad-request
					GET /api/sites/a;b=c HTTP/1.1             | - | 400 | bad-request
					GET /api/sites/%2e%2e/x HTTP/1.1          | - | 400 | invalid-id
					GET /api/sites/%2E HTTP/1.1               | - | 400 | invalid-id
					GET /api/sites/.. HTTP/1.1                | - | 400 | invalid-id
					GET /api/contacts/. HTTP/1.1              | - | 400 | invalid-id
					GET /api/installed-apps/by-app/.%2e HTTP/1.1 | - | 400 | invalid-id
					GET /api/sites/a%25b HTTP/1.1             | - | 400 | bad-request
					GET /api/sites/a%0ab HTTP/1.1             | - | 400 | bad-request
					GET /api/sites/%E2%80%A8 HTTP/1.1         | - | 400 | bad-request
					GET /api/sites/a%5Cb HTTP/1.1             | - | 400 |
					FOO /api/sites HTTP/1.1                   | - | 400 | bad-request
					PROPFIND /api/sites HTTP/1.1              | - | 400 | bad-request
					TRACE /api/sites HTTP/1.1                 | - | 405 |
					# parameters
					GET /api/contacts?q=%zz HTTP/1.1          | - | 400 | invalid-parameter
					GET /api/contacts?q=%ED%A0%80 HTTP/1.1    | - | 400 | invalid-parameter
					GET /api/contacts?q=%C0%80 HTTP/1.1       | - | 400 | invalid-parameter
					GET /api/contacts?q=a%00b HTTP/1.1        | - | 400 | invalid-parameter
					GET /api/installed-apps/by-app/a?after=%00 HTTP/1.1 | - | 400 | invalid-parameter
					GET /api/contacts?%00=1 HTTP/1.1          | - | 200 |
					GET /actuator/health?a%00=1 HTTP/1.1      | - | 400 | bad-request
					GET /api/installed-apps/by-app/a?limit=%zz HTTP/1.1 | - | 400 | invalid-parameter
					GET /api/ticketing/local-time?zone=%FF&at=x HTTP/1.1 | - | 400 | invalid-parameter
					# bodies that are forms
					POST /api/contact-imports HTTP/1.1~Content-Type: application/x-www-form-urlencoded | channelId=%zz | 400 | invalid-parameter
					PUT /api/sites/s HTTP/1.1~Content-Type: application/x-www-form-urlencoded | a=%zz | 415 | unsupported-media-type
					POST /api/sites HTTP/1.1~Content-Type: multipart/form-data | x | 415 | unsupported-media-type
					POST /api/contact-imports?channelId=0123456789abcdef HTTP/1.1~Content-Type: multipart/form-data | x | 400 | unusable-file
					POST /api/contact-imports?channelId=0123456789abcdef HTTP/1.1~Content-Type: multipart/form-data;boundary=x | x | 400 | unusable-file
					# headers: Tomcat
					GET /api/sites/s HTTP/1.1~Host: a b       | - | 400 |
					GET /api/sites/s HTTP/1.1~Host: Łódź      | - | 400 |
					GET /api/sites/s HTTP/1.1~Host: a~Host: b | - | 400 |
					GET /api/sites/s HTTP/1.1~Na me: x        | - | 400 |
					GET /api/sites/s HTTP/1.1~Łódź: x         | - | 400 |
					POST /api/sites HTTP/1.1~Content-Length: x | - | 400 |
					""")
	void noRejectedRequestIsAFaultOfTheServer(String head, @Nullable String body, int status, @Nullable String slug)
			throws IOException {
		byte[] bytes = (body != null) ? body.getBytes(StandardCharsets.UTF_8) : new byte[0];

		RawHttp.Answer answer = RawHttp.send(this.port, head.replace('~', '\n'), bytes);

		if (status < 400) {
			assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
		}
		else {
			assertIsProblem(answer, status, slug);
		}
	}

	private static void assertIsProblem(RawHttp.Answer answer, int status, @Nullable String slug) {
		assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
		assertThat(answer.has("content-type: application/problem+json")).as(answer.toString()).isTrue();
		assertThat(answer.json().at("/type").asString())
			.startsWith("urn:sitestream:problem:" + ((slug != null) ? slug : ""));
		assertThat(answer.json().at("/status").asInt()).isEqualTo(status);
		assertThat(answer.json().at("/detail").asString()).endsWith(".").doesNotContain("Exception", "org.");
	}

	private static String firstLine(InputStream in) throws IOException {
		StringBuilder line = new StringBuilder();
		for (int next = in.read(); next >= 0 && next != '\r'; next = in.read()) {
			line.append((char) next);
		}
		return line.toString();
	}

}
