package io.sitestream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * Calls the API of a running application as a client would.
 */
public final class ApiClient {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private final HttpClient client = HttpClient.newHttpClient();

	private final String base;

	public ApiClient(int port) {
		this.base = "http://127.0.0.1:" + port;
	}

	/**
	 * Sends a request.
	 * @param method the method
	 * @param path path and query
	 * @param body JSON text, or an empty string for none
	 * @param headers names and values in turn
	 * @return the answer
	 */
	public Answer send(String method, String path, String body, String... headers) {
		return exchange(method, path, body, body.isEmpty() ? "" : "application/json", headers);
	}

	/**
	 * Sends a request whose body is no JSON, or says so.
	 * @param method the method
	 * @param path path and query
	 * @param body the body, or an empty string for none
	 * @param type the content type
	 * @return the answer
	 */
	public Answer sendTyped(String method, String path, String body, String type) {
		return exchange(method, path, body, type);
	}

	private Answer exchange(String method, String path, String body, String type, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.base + path))
			.timeout(Duration.ofSeconds(60))
			.method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
		if (!type.isEmpty()) {
			request.header("Content-Type", type);
		}
		if (headers.length > 0) {
			request.headers(headers);
		}
		try {
			return new Answer(this.client.send(request.build(), BodyHandlers.ofString()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(method + " " + path + " failed", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	public Answer get(String path, String... headers) {
		return send("GET", path, "", headers);
	}

	public Answer post(String path, String body, String... headers) {
		return send("POST", path, body, headers);
	}

	public Answer put(String path, String body, String... headers) {
		return send("PUT", path, body, headers);
	}

	public Answer delete(String path, String... headers) {
		return send("DELETE", path, "", headers);
	}

	/**
	 * What a request was answered with.
	 *
	 * @param response the answer as it came
	 */
	public record Answer(HttpResponse<String> response) {

		public int status() {
			return this.response.statusCode();
		}

		public Optional<String> header(String name) {
			return this.response.headers().firstValue(name);
		}

		public String body() {
			return this.response.body();
		}

		/**
		 * The body, read.
		 * @return the JSON, a missing node when there is no body
		 */
		public JsonNode json() {
			return body().isEmpty() ? MissingNode.getInstance() : MAPPER.readTree(body());
		}

	}

}
