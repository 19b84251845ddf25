package io.sitestream.platform.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.sitestream.ApiClient;
import io.sitestream.RawHttp;
import io.sitestream.SitestreamTest;
import io.sitestream.platform.web.Routes.Route;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.web.servlet.function.support.RouterFunctionMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Whatever a client writes into a path, a parameter, a header or a body, on whatever
 * route: it is no fault of the server, and what is refused is a problem.
 */
@SitestreamTest
class NastyValuesIntegrationTests {

	private static final String FULL = "a".repeat(300);

	/** What is needed so that the other values are looked at at all. */
	private static final Map<String, String> GOOD = Map.of("zone", "Europe/Berlin", "at", "2026-11-23T12:00:00Z",
			"channelId", "0123456789abcdef", "format", "csv", "limit", "10");

	private static final List<String> SEGMENTS = List.of(".", "..", "%2e", "%2E%2e", "", "a%20b", "%ED%A0%80", "%C0%80",
			"%FF", "%F0%9F%98%80", "%E2%80%A8", "%7F", "%01", "a%27%22%3B--", FULL);

	private static final List<String> PARAMETERS = List.of("", "%00", "a%00b", "%ED%A0%80", "%C0%80", "%zz", "%FF",
			"%F0%9F%98%80%5C", "..", "-1", "99999999999999999999", "1e400", "NaN",
			"%2B1000000000-12-31T23:59:59.999999999Z", "-1000000000-01-01T00:00:00Z", FULL);

	private static final List<String> HEADERS = List.of("Accept: ;;;", "Accept: application/yaml", "Accept: text/*;q=x",
			"Content-Type: application/json;charset=x", "Content-Type: application/json;charset=\"", "Content-Type: /",
			"Content-Type: application/yaml", "Content-Type: multipart/form-data", "Account-Id: ..", "Account-Id: Ł",
			"If-Match: " + "\"1\",".repeat(1500) + "\"1\"", "If-Match: \"99999999999999999999\"", "If-Match: x",
			"If-None-Match: " + "\"1\",".repeat(1500) + "\"1\"", "If-None-Match: \"", "If-Modified-Since: never",
			"Prefer: wait=99999999999999999999", "Prefer: =;,wait=\"", "Idempotency-Key: " + FULL,
			"Idempotency-Key: ..", "Range: bytes=9-1", "Range: bytes=99999999999999999999-", "Origin: http://[",
			"Origin: null", "Accept-Language: ;;q=x", "traceparent: 00-x-y-z", "Expect: nothing",
			"Content-Encoding: gzip", "Consistency-Token: " + token("1~sites~a~x~5"),
			"Consistency-Token: " + token("1~countries~\0~5~5"),
			"Consistency-Token: " + token("1~sites~..~-1~9223372036854775807"), "X-HTTP-Method-Override: FOO");

	private static final List<String> BODIES = List.of("{\"a\":1,\"a\":2}", "null", "[]", "\"x\"", "{", "{}x",
			"[".repeat(3000), "{\"a\":".repeat(3000), "{\"\\ud800\":1}", "{\"x\":1e999999999}", "---\na: b\n", "<a/>",
			"\u0000");

	private static final List<String> VALUES = List.of("\"\\ud800\"", "\"a\\udc00b\"", "\"a\\u0000b\"", "\"..\"",
			"\"\"", "\"\uFEFF\u202E\"", "null", "{}", "[null]", "[[[]]]", "[\"\\ud800\"]", "[\"\\u0000\"]", "-1",
			"1e400", "9".repeat(1500), "true", "\"" + FULL + FULL + FULL + FULL + "\"");

	@LocalServerPort
	int port;

	@Autowired
	Map<String, RequestMappingInfoHandlerMapping> mappings;

	@Autowired
	RouterFunctionMapping functions;

	@BeforeEach
	void awaitStores() {
		ApiClient api = new ApiClient(this.port);
		await("the stores").atMost(Duration.ofSeconds(60))
			.until(() -> api.get("/actuator/health/readiness").status() == 200
					&& api.get("/api/installed-apps/by-site/unknown").status() != 503);
	}

	@Test
	void knowsTheRoutesWhoeverAnswersThem() {
		assertThat(routes().stream().map(Route::toString)).contains("GET /api/contacts",
				"PUT /api/contacts/{contactId}", "POST /api/installed-apps/by-site",
				"GET /api/installed-apps/by-app/{appId}", "GET /api/bookings/time-zones/{*zone}",
				"GET /actuator/deadletters/{topic}", "POST /actuator/projections");
	}

	@TestFactory
	Stream<DynamicTest> nothingThatAClientWritesIsAFaultOfTheServer() {
		return routes().stream()
			.map((route) -> DynamicTest.dynamicTest(route.toString(), () -> assertThat(faults(route)).isEmpty()));
	}

	private List<Route> routes() {
		return Routes.of(this.mappings.values(), this.functions);
	}

	private List<String> faults(Route route) throws IOException {
		List<String> faults = new ArrayList<>();
		for (Map.Entry<String, byte[]> request : requests(route).entrySet()) {
			RawHttp.Answer answer = RawHttp.send(this.port, request.getKey(), request.getValue());
			boolean fault = answer.status() == 0 || answer.status() >= 500 && answer.status() != 501;
			boolean shapeless = answer.status() >= 400 && !isProblem(answer) && !isFrameworks(route, answer);
			if (fault || shapeless) {
				faults.add("%s\n%s\n-> %s\n%s".formatted(shortened(request.getKey()),
						shortened(new String(request.getValue(), StandardCharsets.UTF_8)), answer.head(),
						shortened(answer.content())));
			}
		}
		return faults;
	}

	private static boolean isProblem(RawHttp.Answer answer) {
		return answer.has("content-type: application/problem+json")
				&& answer.json().at("/type").asString().matches("urn:sitestream:problem:[a-z0-9-]+");
	}

	/** Boot says of a part of the health that is not there no more than that. */
	private static boolean isFrameworks(Route route, RawHttp.Answer answer) {
		return route.path().equals("/actuator/health/**") && answer.status() == 404 && answer.body().isEmpty();
	}

	/** Heads and bodies. Only one value of each is nasty, so that it is looked at. */
	private static Map<String, byte[]> requests(Route route) {
		Map<String, byte[]> requests = new LinkedHashMap<>();
		byte[] plain = (route.hasBody() ? "{}" : "").getBytes(StandardCharsets.UTF_8);
		String path = route.path((variable) -> GOOD.getOrDefault(variable, "a"));
		String query = query(route.parameters(), "", "");
		String type = route.hasBody() ? "\nContent-Type: application/json" : "";
		if (route.hasVariable()) {
			SEGMENTS
				.forEach((nasty) -> requests.put(head(route, route.path((variable) -> nasty) + query, type), plain));
		}
		Set<String> parameters = new TreeSet<>(route.parameters());
		parameters.add("a");
		parameters.forEach((name) -> PARAMETERS
			.forEach((nasty) -> requests.put(head(route, path + query(parameters, name, nasty), type), plain)));
		HEADERS.forEach((nasty) -> requests
			.put(head(route, path + query, "\n" + nasty + (nasty.startsWith("Content-Type") ? "" : type)), plain));
		if (route.hasBody()) {
			bodies(route)
				.forEach((body) -> requests.put(head(route, path + query, type + "\nX-Number: " + requests.size()),
						body.getBytes(StandardCharsets.UTF_8)));
			requests.put(head(route, path + query, type + "\nX-Number: bytes"),
					"{\"name\":\"\u00ed\u00a0\u0080\"}".getBytes(StandardCharsets.ISO_8859_1));
		}
		return requests;
	}

	private static List<String> bodies(Route route) {
		List<String> bodies = new ArrayList<>(BODIES);
		Set<String> properties = new TreeSet<>(route.properties());
		properties.addAll(Set.of("siteIds", "name", "action"));
		properties
			.forEach((property) -> VALUES.forEach((value) -> bodies.add("{\"%s\":%s}".formatted(property, value))));
		return bodies;
	}

	private static String head(Route route, String target, String headers) {
		return "%s %s HTTP/1.1%s".formatted(route.method(), target, headers);
	}

	private static String query(Set<String> parameters, String name, String nasty) {
		StringBuilder query = new StringBuilder();
		for (String parameter : parameters) {
			query.append(query.isEmpty() ? "?" : "&")
				.append(parameter)
				.append('=')
				.append(parameter.equals(name) ? nasty : GOOD.getOrDefault(parameter, "aaa"));
		}
		return query.toString();
	}

	private static String token(String text) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

	private static String shortened(String text) {
		return (text.length() > 200) ? text.substring(0, 200) + "…" : text;
	}

}
