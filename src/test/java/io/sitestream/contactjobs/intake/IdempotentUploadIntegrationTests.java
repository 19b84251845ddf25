package io.sitestream.contactjobs.intake;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import io.sitestream.SitestreamTest;
import io.sitestream.contactjobs.ImportClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SitestreamTest(modules = { "contactjobs", "contactimporter" })
class IdempotentUploadIntegrationTests {

	private static final String CSV = "name,email\nAda,ada@example.org\n";

	@LocalServerPort
	int port;

	ImportClient client;

	@BeforeEach
	void connect() {
		this.client = new ImportClient(this.port);
	}

	@Test
	void aRepetitionGetsTheFirstImportsAnswer() {
		String first = ImportClient.accepted(upload("key 1", BodyPublishers.ofString(CSV)));
		this.client.awaitDone(first);

		assertThat(ImportClient.accepted(upload("key 1", BodyPublishers.ofString(CSV)))).isEqualTo(first);
		assertThat(ImportClient.accepted(upload("key 2", BodyPublishers.ofString(CSV)))).isNotEqualTo(first);
		ImportClient other = new ImportClient(this.port);
		assertThat(ImportClient.accepted(other.upload(BodyPublishers.ofString(CSV), "text/csv", "", "key 1")))
			.as("keys are an account's own")
			.isNotEqualTo(first);
		assertThat(imports()).hasSize(2);
	}

	@Test
	void anotherFileOrOtherParametersWithTheKeyAreRefused() {
		String first = ImportClient.accepted(upload("key", BodyPublishers.ofString(CSV)));
		this.client.awaitDone(first);

		for (HttpResponse<String> answer : List.of(upload("key", BodyPublishers.ofString(CSV + "B,b@example.org\n")),
				this.client.upload(BodyPublishers.ofString(CSV), "text/csv", "&onDuplicate=skip", "key"),
				this.client.upload(BodyPublishers.ofString(CSV), "text/csv", "&defaultRegion=US", "key"))) {
			assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
			assertThat(answer.body()).contains("urn:sitestream:problem:idempotency-key-reused", first);
		}
		assertThat(ImportClient
			.accepted(this.client.upload(BodyPublishers.ofString(CSV), "text/csv", "&onDuplicate=update", "key")))
			.as("what goes without saying")
			.isEqualTo(first);
		assertThat(ImportClient.accepted(upload("key",
				BodyPublishers.ofInputStream(() -> new ByteArrayInputStream((CSV + "B,b@example.org\n").getBytes())))))
			.as("of unknown length")
			.isEqualTo(first);
		assertThat(imports()).hasSize(1);
	}

	@Test
	void aFileInAFormIsKnownByItsNameAndLengthWhateverTheBoundary() {
		String first = ImportClient.accepted(form("people.csv", CSV, "a-boundary"));

		this.client.awaitDone(first);
		assertThat(ImportClient.accepted(form("people.csv", CSV, "another-and-longer-boundary"))).isEqualTo(first);
		byte[] again = body("people.csv", CSV, "a-boundary").getBytes();
		assertThat(ImportClient
			.accepted(form(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(again)), "a-boundary")))
			.as("of unknown length")
			.isEqualTo(first);
		assertThat(form("friends.csv", CSV, "a-boundary").statusCode()).isEqualTo(422);
		assertThat(form("people.csv", CSV + "B,b@example.org\n", "a-boundary").statusCode()).isEqualTo(422);
	}

	@Test
	void anUploadIsNoWriteToWhatExists() {
		HttpResponse<String> answer = this.client.uploadIf("If-Match", "*", CSV);
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(412);
		assertThat(this.client.uploadIf("If-None-Match", "star", CSV).statusCode()).isEqualTo(400);

		String path = ImportClient.accepted(this.client.uploadIf("If-None-Match", "*", CSV));

		assertThat(this.client.awaitDone(path).path("state").asString()).isEqualTo("COMPLETED");
	}

	private HttpResponse<String> form(String name, String csv, String boundary) {
		return form(BodyPublishers.ofString(body(name, csv, boundary)), boundary);
	}

	private HttpResponse<String> form(BodyPublisher body, String boundary) {
		return this.client.upload(body, "multipart/form-data; boundary=" + boundary, "", "form");
	}

	private static String body(String name, String csv, String boundary) {
		return "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n%s\r\n--%s--\r\n"
			.formatted(boundary, name, csv, boundary);
	}

	@Test
	void ofManyAtTheSameTimeOneIsTheImport() {
		List<HttpResponse<String>> answers;
		try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
			answers = IntStream.range(0, 8)
				.mapToObj((i) -> CompletableFuture.supplyAsync(() -> upload("race", BodyPublishers.ofString(CSV)),
						threads))
				.toList()
				.stream()
				.map(CompletableFuture::join)
				.toList();
		}

		assertThat(answers).extracting(HttpResponse::statusCode).contains(202).containsOnly(202, 409);
		assertThat(answers).extracting((answer) -> answer.headers().firstValue("Location").orElseThrow())
			.containsOnly(answers.getFirst().headers().firstValue("Location").orElseThrow());
		JsonNode done = this.client.awaitDone(answers.getFirst().headers().firstValue("Location").orElseThrow());
		assertThat(done.path("rows").path("total").asInt()).isOne();
	}

	@Test
	void isRefusedWhileTheFirstRunsAndStartsAnewAfterAFailure() {
		CountDownLatch goOn = new CountDownLatch(1);
		InputStream slow = new ByteArrayInputStream(
				("name,email\n" + "Ada,ada@example.org\n".repeat(100_000) + "J\u00fcrgen,")
					.getBytes(StandardCharsets.ISO_8859_1)) {

			@Override
			public synchronized int read(byte[] bytes, int offset, int length) {
				if (this.pos > 1_000_000) {
					awaitUninterruptibly(goOn);
				}
				return super.read(bytes, offset, Math.min(length, 16_384));
			}

		};
		CompletableFuture<HttpResponse<String>> first = CompletableFuture
			.supplyAsync(() -> upload("key", BodyPublishers.ofInputStream(() -> slow)));
		await().until(() -> imports().size() == 1);

		HttpResponse<String> second = upload("key", BodyPublishers.ofString(CSV));
		goOn.countDown();
		HttpResponse<String> failed = first.join();

		assertThat(second.statusCode()).isEqualTo(409);
		assertThat(second.body()).contains("urn:sitestream:problem:import-in-progress");
		assertThat(failed.statusCode()).isEqualTo(400);
		assertThat(second.headers().firstValue("Location")).isEqualTo(failed.headers().firstValue("Location"));
		String third = ImportClient.accepted(upload("key", BodyPublishers.ofString(CSV)));
		assertThat(failed.headers().firstValue("Location")).isNotEmpty().isNotEqualTo(Optional.of(third));
		assertThat(this.client.awaitDone(third).path("state").asString()).isEqualTo("COMPLETED");
		assertThat(ImportClient.accepted(upload("key", BodyPublishers.ofString(CSV)))).isEqualTo(third);
	}

	@Test
	void refusesKeysThatAreNone() {
		HttpResponse<String> answer = upload("k".repeat(129), BodyPublishers.ofString(CSV));

		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(answer.body()).contains("invalid-idempotency-key");
	}

	private HttpResponse<String> upload(String key, BodyPublisher csv) {
		return this.client.upload(csv, "text/csv", "", key);
	}

	private List<JsonNode> imports() {
		return ImportClient.json(this.client.get("/api/contact-imports")).path("items").valueStream().toList();
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
