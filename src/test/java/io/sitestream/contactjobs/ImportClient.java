package io.sitestream.contactjobs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Imports contacts as a browser would, on a channel and for an account of its own.
 */
public final class ImportClient {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private final HttpClient client = HttpClient.newHttpClient();

	private final String base;

	private final String account;

	private final String channelId = "channel-" + UUID.randomUUID();

	public ImportClient(int port) {
		this(port, "account-" + UUID.randomUUID());
	}

	public ImportClient(int port, String account) {
		this.base = "http://127.0.0.1:" + port;
		this.account = account;
	}

	public String account() {
		return this.account;
	}

	public String channelId() {
		return this.channelId;
	}

	/**
	 * Sends a CSV file.
	 * @param csv the file
	 * @param parameters more of the query, as {@code &defaultRegion=US}
	 * @return the answer
	 */
	public HttpResponse<String> upload(String csv, String parameters) {
		return upload(BodyPublishers.ofString(csv), "text/csv", parameters);
	}

	public HttpResponse<String> upload(Supplier<InputStream> csv) {
		return upload(BodyPublishers.ofInputStream(csv), "text/csv", "");
	}

	public HttpResponse<String> upload(BodyPublisher body, String contentType, String parameters) {
		return post("/api/contact-imports?channelId=" + this.channelId + parameters, body, contentType);
	}

	/**
	 * Sends a file under an idempotency key.
	 * @param body the file
	 * @param contentType its type
	 * @param parameters more of the query
	 * @param key the key
	 * @return the answer
	 */
	public HttpResponse<String> upload(BodyPublisher body, String contentType, String parameters, String key) {
		return send(request("/api/contact-imports?channelId=" + this.channelId + parameters)
			.header("Content-Type", contentType)
			.header("Idempotency-Key", key)
			.POST(body)
			.build());
	}

	/**
	 * Sends a CSV file with a precondition.
	 * @param header the precondition's name
	 * @param value its value
	 * @param csv the file
	 * @return the answer
	 */
	public HttpResponse<String> uploadIf(String header, String value, String csv) {
		return send(request("/api/contact-imports?channelId=" + this.channelId).header("Content-Type", "text/csv")
			.header(header, value)
			.POST(BodyPublishers.ofString(csv))
			.build());
	}

	public HttpResponse<String> post(String path, BodyPublisher body, String contentType) {
		return send(request(path).header("Content-Type", contentType).POST(body).build());
	}

	public HttpResponse<String> get(String path) {
		return send(request(path).build());
	}

	/**
	 * Sends a CSV file and waits until its import is done.
	 * @param csv the file
	 * @param parameters more of the query
	 * @return the import
	 */
	public JsonNode importAndAwait(String csv, String parameters) {
		return awaitDone(accepted(upload(csv, parameters)));
	}

	/**
	 * The import that an upload made.
	 * @param answer the answer to the upload
	 * @return the import's path
	 */
	public static String accepted(HttpResponse<String> answer) {
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
		assertThat(answer.body()).isEmpty();
		return answer.headers().firstValue("Location").orElseThrow();
	}

	/**
	 * Waits until an import is done, also while the instance is not yet ready to say so.
	 * @param path the import's path
	 * @return the import
	 */
	public JsonNode awaitDone(String path) {
		HttpResponse<String> done = await().atMost(Duration.ofSeconds(90))
			.until(() -> get(path), (answer) -> answer.statusCode() != 503 && !answer.body().contains("\"RUNNING\""));
		return json(done);
	}

	public static JsonNode json(HttpResponse<String> answer) {
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		return MAPPER.readTree(answer.body());
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create(this.base + path))
			.timeout(Duration.ofSeconds(120))
			.header("Account-Id", this.account);
	}

	private HttpResponse<String> send(HttpRequest request) {
		try {
			return this.client.send(request, BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
