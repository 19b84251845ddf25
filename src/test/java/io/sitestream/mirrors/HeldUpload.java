package io.sitestream.mirrors;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;

import io.sitestream.contactjobs.ImportClient;

import static org.awaitility.Awaitility.await;

/**
 * An upload that stops in the middle of its file until it is told to go on.
 */
final class HeldUpload {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final SubmissionPublisher<ByteBuffer> file = new SubmissionPublisher<>();

	private final CompletableFuture<HttpResponse<String>> answer;

	/**
	 * Begins an upload.
	 * @param client who uploads
	 * @param first the first part of a CSV file, which is sent at once
	 */
	HeldUpload(ImportClient client, String first) {
		this.answer = CompletableFuture
			.supplyAsync(() -> client.upload(BodyPublishers.fromPublisher(this.file), "text/csv", ""));
		// what is submitted before is lost
		await().atMost(PATIENCE).until(this.file::hasSubscribers);
		send(first);
	}

	/**
	 * Sends the rest.
	 * @param rest the last part
	 * @return the import's path
	 */
	String finish(String rest) {
		send(rest);
		this.file.close();
		return ImportClient.accepted(this.answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join());
	}

	/**
	 * Sends a part.
	 * @param part some rows, or nothing
	 */
	void send(String part) {
		if (!part.isEmpty()) {
			this.file.submit(ByteBuffer.wrap(part.getBytes(StandardCharsets.UTF_8)));
		}
	}

}
