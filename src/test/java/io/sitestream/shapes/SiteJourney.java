package io.sitestream.shapes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import tools.jackson.databind.JsonNode;

/**
 * The first pattern with fixed inputs: sites are written, accepted and refused, and their
 * apps are read in every direction with the tokens of the writes.
 */
final class SiteJourney {

	private final ApiClient sites;

	private final ApiClient apps;

	private final Map<String, String> tokens = new LinkedHashMap<>();

	private final List<String> answers = new ArrayList<>();

	SiteJourney(RunningShape shape) {
		this.sites = shape.api("site");
		this.apps = shape.api("appsreader");
	}

	/**
	 * Writes.
	 * @return each call with its status, and the version or the problem
	 */
	List<String> write() {
		write("POST", "bakery", "", """
				{"siteId":"bakery","ownerId":"ada","name":"Bakery","apps":[
				 {"appId":"shop","instanceId":"bakery-shop","version":"1"},
				 {"appId":"chat","instanceId":"bakery-chat","version":"2","status":"DISABLED"}]}""");
		write("POST", "bakery", "", "{\"siteId\":\"bakery\",\"ownerId\":\"ada\",\"name\":\"Bakery\"}");
		write("PUT", "bakery", "", "{\"ownerId\":\"ada\",\"name\":\"Bakery & Café\",\"domain\":\"bakery.example\"}",
				"If-Match", "\"1\"");
		write("PUT", "bakery", "", "{\"ownerId\":\"ada\",\"name\":\"Late\"}", "If-Match", "\"1\"");
		write("PUT", "bakery", "/apps/shop", "{\"version\":\"2\"}");
		write("PUT", "bakery", "/apps/blog", "{\"version\":\"1\",\"instanceId\":\"bakery-blog\"}");
		write("DELETE", "bakery", "/apps/chat", "", "If-Match", "\"2\"");
		write("DELETE", "bakery", "/apps/chat", "");
		write("DELETE", "bakery", "/apps/chat", "");
		write("POST", "cafe", "",
				"{\"siteId\":\"cafe\",\"ownerId\":\"ben\",\"name\":\"Café\",\"apps\":[{\"appId\":\"shop\",\"version\":\"1\"}]}",
				"Idempotency-Key", "cafe-1");
		write("POST", "cafe", "",
				"{\"siteId\":\"cafe\",\"ownerId\":\"ben\",\"name\":\"Café\",\"apps\":[{\"appId\":\"shop\",\"version\":\"1\"}]}",
				"Idempotency-Key", "cafe-1");
		write("PUT", "cafe", "/apps/blog", "{\"version\":\"1\",\"instanceId\":\"bakery-blog\"}");
		write("POST", "kiosk", "", "{\"siteId\":\"kiosk\",\"ownerId\":\"cem\",\"name\":\"Kiosk\"}");
		write("DELETE", "kiosk", "", "");
		write("PUT", "kiosk", "", "{\"ownerId\":\"cem\",\"name\":\"Gone\"}");
		write("POST", "kiosk", "",
				"{\"siteId\":\"kiosk\",\"ownerId\":\"dot\",\"name\":\"New kiosk\",\"apps\":[{\"appId\":\"shop\",\"version\":\"3\"}]}");
		write("POST", "booth", "",
				"{\"siteId\":\"booth\",\"ownerId\":\"eve\",\"name\":\"Booth\",\"apps\":[{\"appId\":\"shop\",\"instanceId\":\"booth-shop\",\"version\":\"1\"}]}");
		write("DELETE", "booth", "", "");
		return List.copyOf(this.answers);
	}

	/**
	 * Reads what was written.
	 * @return each call with its status and body
	 */
	List<String> read() {
		String token = String.join(",", this.tokens.values());
		Stream<String> paths = Stream.of("by-site/bakery", "by-site/cafe", "by-site/kiosk", "by-site/booth",
				"by-app/shop", "by-app/blog", "by-app/chat", "by-instance/bakery-shop", "by-instance/bakery-blog",
				"by-instance/bakery-chat", "by-instance/booth-shop");
		List<String> reads = new ArrayList<>();
		paths.map((path) -> "/api/installed-apps/" + path)
			.forEach((path) -> reads.add("GET %s %s".formatted(path,
					state(this.apps.get(path, "Consistency-Token", token, "Prefer", "wait=30")))));
		Stream.of("bakery", "cafe", "kiosk", "booth")
			.map((site) -> "/api/sites/" + site)
			.forEach((path) -> reads.add("GET %s %s".formatted(path, state(this.sites.get(path)))));
		return reads;
	}

	private void write(String method, String site, String more, String body, String... headers) {
		String path = method.equals("POST") ? "/api/sites" : "/api/sites/" + site + more;
		String[] all = Stream.concat(Stream.of(headers), Stream.of("Prefer", "wait=30")).toArray(String[]::new);
		Answer answer = this.sites.send(method, path, body, all);
		answer.header("Consistency-Token").ifPresent((token) -> this.tokens.put(site, token));
		this.answers.add("%s %s%s %d %s".formatted(method, site, more, answer.status(), outcome(answer)));
	}

	private static String outcome(Answer answer) {
		String version = answer.header("ETag").orElse("");
		return (answer.status() < 400) ? version : (problem(answer) + " " + version).strip();
	}

	private static String state(Answer answer) {
		return answer.status() + " " + ((answer.status() < 400) ? answer.body() : problem(answer));
	}

	private static String problem(Answer answer) {
		JsonNode type = answer.json().path("type");
		return type.asString("").replace("urn:sitestream:problem:", "");
	}

}
