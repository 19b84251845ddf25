package io.sitestream.contactimporter;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.sitestream.SitestreamProcess;
import io.sitestream.SitestreamProcess.Description;
import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.contactjobs.CommittedRecords;
import io.sitestream.contactjobs.ImportClient;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Imports over the death of the process that runs them.
 */
class ContactImportProcessTests {

	static final int ROWS = 40_000;

	final TestSpace space = TestSpace.of("contactjobs", "contactimporter");

	@Test
	void completesAnImportWhoseProcessWasKilledInItsMiddle() {
		String csv = "name,email,phone\n" + IntStream.rangeClosed(1, ROWS)
			.mapToObj((i) -> "Person %d,p%d@example.org,%s\n".formatted(i, i,
					(i % 100 == 0) ? "nonsense" : "+4930200%05d".formatted(i)))
			.collect(Collectors.joining());
		String path;
		ImportClient client;
		try (SitestreamProcess first = description().named("first").start()) {
			client = new ImportClient(first.port());
			path = ImportClient.accepted(client.upload(csv, ""));
			ImportClient began = client;
			int completed = await().atMost(Duration.ofSeconds(60))
				.until(() -> completedBatches(began, path), (batches) -> batches >= 3);
			assertThat(completed).isLessThan(ROWS / 1000);
			first.kill9();
		}

		try (SitestreamProcess second = description().named("second").start()) {
			client = new ImportClient(second.port(), client.account());
			JsonNode done = client.awaitDone(path);

			assertThat(done.path("state").asString()).isEqualTo("COMPLETED");
			assertThat(done.path("rows").toString())
				.isEqualTo("{\"total\":%d,\"created\":%d,\"updated\":0,\"unchanged\":0,\"skipped\":0,\"rejected\":%d}"
					.formatted(ROWS, ROWS - ROWS / 100, ROWS / 100));
			assertThat(client.get(path + "/rejections").body().lines()).hasSize(1 + ROWS / 100);
			List<JsonNode> told = notifications(done.path("channelId").asString());
			assertThat(told).extracting((notification) -> notification.path("sequence").asInt()).isSorted();
			assertThat(told.getFirst().path("type").asString()).isEqualTo("contact-import.accepted");
			assertThat(told.stream()
				.filter((notification) -> notification.path("type").asString().equals("contact-import.completed"))
				.map((notification) -> notification.path("sequence").asInt())
				.distinct()).containsExactly(told.getLast().path("sequence").asInt());
		}
	}

	private Description description() {
		return SitestreamProcess.in(this.space).modules("contactjobs", "contactimporter");
	}

	private static int completedBatches(ImportClient client, String path) {
		return ImportClient.json(client.get(path)).path("batches").path("completed").asInt();
	}

	private List<JsonNode> notifications(String channelId) {
		return CommittedRecords.of(TestServers.kafka().address(), this.space.topicPrefix() + "notifications")
			.stream()
			.filter((record) -> record.key().equals(channelId))
			.map((record) -> JsonMapper.shared().readTree(record.value()))
			.toList();
	}

}
