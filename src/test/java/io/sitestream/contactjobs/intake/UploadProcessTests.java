package io.sitestream.contactjobs.intake;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import io.sitestream.SitestreamProcess;
import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.contactjobs.GeneratedFile;
import io.sitestream.contactjobs.ImportClient;
import io.sitestream.servers.LocalKafka;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Files in a heap that has no room for them, and one whose broker goes away. An idle
 * process needs about 120 MB. The long form takes 500 MB in a heap of 256 MB.
 */
class UploadProcessTests {

	static final boolean LONG = Boolean.getBoolean("sitestream.test.long");

	static final long BYTES = (LONG ? 500L : 100L) * 1024 * 1024;

	static final long FORM_BYTES = LONG ? BYTES : BYTES / 10;

	static final String HEAP = LONG ? "256m" : "192m";

	ImportClient client;

	@Test
	void takesLargeFilesWithLittleMemoryAndFailsOneWhoseBrokerGoes() {
		LocalKafka kafka = TestServers.separateKafka();
		try (SitestreamProcess process = SitestreamProcess.in(TestSpace.of("contactjobs"))
			.named("upload")
			.modules("contactjobs")
			.heap(HEAP)
			.with("spring.kafka.bootstrap-servers", kafka.address())
			.with("sitestream.contactjobs.upload-timeout", "6s")
			.start()) {
			this.client = new ImportClient(process.port());
			takes("text/csv", GeneratedFile.ofBytes("raw", BYTES), InputStream.nullInputStream());
			takes("multipart/form-data; boundary=xx", GeneratedFile.ofBytes("form", FORM_BYTES), text(
					"--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"c.csv\"\r\nContent-Type: text/csv\r\n\r\n"));
			failsOneWhoseBrokerGoes(kafka);
			assertThat(process.isAlive()).isTrue();
			assertThat(process.output()).doesNotContain("OutOfMemoryError");
		}
		finally {
			kafka.stop();
		}
	}

	private void takes(String type, GeneratedFile file, InputStream head) {
		InputStream tail = type.startsWith("multipart") ? text("\r\n--xx--\r\n") : InputStream.nullInputStream();
		InputStream body = new SequenceInputStream(Collections.enumeration(List.of(head, file, tail)));

		String path = ImportClient.accepted(this.client.upload(BodyPublishers.ofInputStream(() -> body), type, ""));

		JsonNode found = await().atMost(Duration.ofSeconds(60))
			.until(() -> ImportClient.json(this.client.get(path)), (cut) -> !cut.path("rows").path("total").isNull());
		assertThat(found.path("rows").path("total").asLong()).isEqualTo(file.rows()).isGreaterThan(FORM_BYTES / 100);
		assertThat(found.path("batches").path("total").asLong()).isGreaterThanOrEqualTo(file.rows() / 1000);
	}

	private void failsOneWhoseBrokerGoes(LocalKafka kafka) {
		AtomicBoolean goesOn = new AtomicBoolean(true);
		GeneratedFile file = GeneratedFile.until("endless", () -> {
			LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
			return goesOn.get();
		});
		CompletableFuture<HttpResponse<String>> upload = CompletableFuture
			.supplyAsync(() -> this.client.upload(() -> file));
		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(
					() -> assertThat(ImportClient.json(this.client.get("/api/contact-imports")).path("items").size())
						.isEqualTo(3));

		kafka.stop();
		goesOn.set(false);
		HttpResponse<String> answer = upload.orTimeout(60, TimeUnit.SECONDS).join();

		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
		assertThat(answer.body()).contains("urn:sitestream:problem:broker-unavailable");
		String path = answer.headers().firstValue("Location").orElseThrow();
		kafka.start();
		JsonNode failed = this.client.awaitDone(path);
		assertThat(failed.path("state").asString()).isEqualTo("FAILED");
	}

	private static InputStream text(String text) {
		return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
	}

}
