package io.sitestream.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamProcess;
import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.TopicProbe;
import io.sitestream.kvstore.ReferenceInstance;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A process that is stopped between the database's commit and the send, and wakes up when
 * its partitions have another owner. The log is then compacted, which would keep an old
 * version for ever if one had come late.
 */
class LateOwnerProcessTests {

	private static final String SESSION_TIMEOUT = "spring.cloud.stream.kafka.binder.consumer-properties.session.timeout.ms";

	@Test
	void makesNothingVisible(@TempDir Path gate) throws IOException {
		TestSpace space = TestSpace.of("site", "appswriter", "appsreader");
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

				compact(space.topicPrefix() + "site-metadata", probe, api);
				assertThatAProjectionFromScratchEqualsTheDatabase(space, api);
			}
		}
	}

	/** Makes Kafka compact what has been written so far, and waits until it has. */
	private static void compact(String topic, TopicProbe probe, ApiClient api) {
		Map<String, String> soon = Map.of(TopicConfig.SEGMENT_MS_CONFIG, "100",
				TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.001", TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, "200",
				TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, "0");
		ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
		try (Admin admin = Admin
			.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, TestServers.kafka().address()))) {
			admin.incrementalAlterConfigs(Map.of(resource,
					soon.entrySet()
						.stream()
						.map((one) -> new AlterConfigOp(new ConfigEntry(one.getKey(), one.getValue()),
								AlterConfigOp.OpType.SET))
						.toList()))
				.all()
				.get();
		}
		catch (InterruptedException | ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
		await("compaction").atMost(Duration.ofSeconds(120)).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
			// each record makes a new segment, and the one before can be compacted
			assertThat(put(api, "roll").status()).isIn(200, 201);
			assertThat(versions(probe)).doesNotContain("1", "2", "3");
		});
	}

	private static void assertThatAProjectionFromScratchEqualsTheDatabase(TestSpace space, ApiClient database) {
		try (ReferenceInstance reader = ReferenceInstance.start(space.properties(), "appswriter,appsreader")) {
			JsonNode site = database.get("/api/sites/shop").json();
			await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> {
				JsonNode view = reader.api().get("/api/installed-apps/by-site/shop").json();
				assertThat(view.at("/version")).isEqualTo(site.at("/version"));
				assertThat(view.at("/apps")).isEqualTo(site.at("/apps"));
			});
			site.at("/apps")
				.forEach((app) -> assertThat(reader.api()
					.get("/api/installed-apps/by-app/" + app.at("/appId").asString())
					.json()
					.at("/siteIds")).hasToString("[\"shop\"]"));
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
