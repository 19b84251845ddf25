package io.sitestream.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamProcess;
import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.TopicProbe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A process that is stopped between the database's commit and the send, and wakes up when
 * its partitions have another owner.
 */
class LateOwnerProcessTests {

	private static final String SESSION_TIMEOUT = "spring.cloud.stream.kafka.binder.consumer-properties.session.timeout.ms";

	@Test
	void makesNothingVisible(@TempDir Path gate) throws IOException {
		TestSpace space = TestSpace.of("site");
		try (TopicProbe probe = new TopicProbe(TestServers.kafka().address(), space.topicPrefix());
				SitestreamProcess late = SitestreamProcess.in(space)
					.modules("site")
					.named("late")
					.adding(StoppedBeforeSend.class)
					.with("sitestream.test.gate", gate.toString())
					.with(SESSION_TIMEOUT, "6000")
					.start()) {
			Answer accepted = new ApiClient(late.port()).post("/api/sites",
					"{\"siteId\":\"shop\",\"ownerId\":\"ann\",\"name\":\"Shop\"}", "Prefer", "respond-async");
			assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);
			await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(gate.resolve("stored")));
			late.sigstop();
			assertThat(versions(probe)).as("stored, but not sent").isEmpty();

			try (SitestreamProcess heir = SitestreamProcess.in(space)
				.modules("site")
				.named("heir")
				.with(SESSION_TIMEOUT, "6000")
				.start()) {
				await().atMost(Duration.ofSeconds(90))
					.untilAsserted(() -> assertThat(versions(probe)).containsExactly("1"));
				ApiClient api = new ApiClient(heir.port());
				assertThat(put(api, "chat").status()).isEqualTo(201);

				Files.writeString(gate.resolve("go"), "");
				late.sigcont();

				await("the late owner's attempt").atMost(Duration.ofSeconds(90))
					.until(() -> late.output().contains("Transaction rolled back"));
				await("its end").atMost(Duration.ofSeconds(90))
					.untilAsserted(() -> assertThat(put(api, "store").status()).isIn(200, 201));
				await().atMost(Duration.ofSeconds(90))
					.untilAsserted(() -> assertThat(versions(probe)).endsWith(newestVersion(api)));
				assertThat(versions(probe)).doesNotHaveDuplicates().isSorted().startsWith("1", "2", "3");
			}
		}
	}

	private static Answer put(ApiClient api, String app) {
		return api.put("/api/sites/shop/apps/" + app, "{\"version\":\"1\"}", "Prefer", "wait=30");
	}

	private static String newestVersion(ApiClient api) {
		return api.get("/api/sites/shop").json().at("/version").asString();
	}

	private static List<String> versions(TopicProbe probe) {
		return probe.committed("site-metadata")
			.stream()
			.map((record) -> TopicProbe.header(record, SiteTopics.VERSION_HEADER))
			.toList();
	}

}
