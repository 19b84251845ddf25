package io.sitestream.journeys;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import io.sitestream.SitestreamTest;
import io.sitestream.contactjobs.ImportClient;
import io.sitestream.notification.StompTestClient;
import io.sitestream.notification.StompTestFrame;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The second pattern as its users meet it: a browser opens a channel, sends a file and is
 * told the rest.
 */
@SitestreamTest(modules = { "contactjobs", "contactimporter", "notification" })
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ImportContactsIntegrationTests {

	static final int ROWS = 10_000;

	@LocalServerPort
	int port;

	ImportClient client;

	String path = "";

	List<StompTestFrame> seen = List.of();

	@BeforeAll
	void connect() {
		this.client = new ImportClient(this.port);
	}

	@Test
	@Order(1)
	void theBrowserSubscribesAndSendsItsFileAndHearsTheBeginning() {
		String csv = "First Name,Last Name,E-mail 1 - Value,Phone 1 - Value\n" + IntStream.rangeClosed(1, ROWS)
			.mapToObj((i) -> "Ada,No %d,ada%d@example.org,%s\n".formatted(i, i, (i == 4711) ? "?" : ""))
			.collect(Collectors.joining());

		try (StompTestClient browser = StompTestClient.connect(this.port, this.client.account())
			.subscribe(this.client.channelId())) {
			this.path = ImportClient.accepted(this.client.upload(csv, ""));
			this.seen = browser.awaitMessages(1).subList(0, 1);
		}

		assertThat(this.seen.getFirst().type()).isEqualTo("contact-import.accepted");
		assertThat(this.seen.getFirst().position()).isOne();
		assertThat("/api/contact-imports/" + this.seen.getFirst().json().path("importId").asString())
			.isEqualTo(this.path);
	}

	@Test
	@Order(2)
	void theBrowserComesBackAndHearsTheRestUpToTheOnlyEnd() {
		StompTestFrame last = this.seen.getLast();
		List<StompTestFrame> rest;
		try (StompTestClient browser = StompTestClient.connect(this.port, this.client.account())
			.subscribe(this.client.channelId(), last.position(), last.epoch())) {
			rest = await().atMost(Duration.ofSeconds(60))
				.until(browser::messages, (frames) -> !frames.isEmpty() && isFinal(frames.getLast()));
		}

		assertThat(rest).extracting(StompTestFrame::position)
			.containsExactlyElementsOf(
					LongStream.rangeClosed(last.position() + 1, last.position() + rest.size()).boxed().toList());
		assertThat(rest).filteredOn(ImportContactsIntegrationTests::isFinal).hasSize(1);
		JsonNode done = rest.getLast().json();
		assertThat(rest.getLast().type()).isEqualTo("contact-import.completed");
		assertThat(done.path("rows").toString())
			.isEqualTo("{\"total\":10000,\"created\":9999,\"updated\":0,\"unchanged\":0,\"skipped\":0,\"rejected\":1}");
		assertThat(ImportClient.json(this.client.get(this.path))).isEqualTo(done);
	}

	@Test
	@Order(3)
	void theContactsAreThere() {
		JsonNode found = ImportClient.json(this.client.get("/api/contacts?q=ada123@example.org")).path("items");

		assertThat(found.size()).isOne();
		assertThat(found.path(0).path("fullName").asString()).isEqualTo("Ada No 123");
	}

	@Test
	@Order(4)
	void theRejectedRowIsCorrectedAndImportedAgain() {
		String rejections = this.client.get(this.path + "/rejections").body();
		assertThat(rejections.lines()).hasSize(2)
			.last()
			.asString()
			.startsWith("Ada,No 4711,ada4711@example.org,?,4711,");

		JsonNode done = this.client.importAndAwait(rejections.replace(",?,", ",+493020004711,"), "");

		assertThat(done.path("rows").path("created").asInt()).isOne();
	}

	private static boolean isFinal(StompTestFrame frame) {
		return frame.type().equals("contact-import.completed") || frame.type().equals("contact-import.failed");
	}

}
