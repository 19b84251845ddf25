package io.sitestream.site;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.sitestream.ApiClient;
import io.sitestream.SitestreamProcess;
import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.TopicProbe;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A republishing whose process is killed, and whose topic somebody has deleted.
 */
class RepublishProcessTests {

	private static final int SITES = 60;

	private static final String SITE = "s-%02d";

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	@Test
	void goesOnInAnotherProcessAndMakesAnEmptiedTopicWhole() throws Exception {
		TestSpace space = TestSpace.of("site", "appswriter", "appsreader");
		try (TopicProbe probe = new TopicProbe(TestServers.kafka().address(), space.topicPrefix())) {
			JsonNode killed;
			try (SitestreamProcess first = SitestreamProcess.in(space)
				.modules("site")
				.named("first")
				.with("sitestream.site.republish-rate", "10")
				.start()) {
				ApiClient api = new ApiClient(first.port());
				IntStream.range(0, SITES).forEach((i) -> create(api, i));
				await().atMost(PATIENCE).until(() -> probe.committed("site-metadata").size() == SITES);
				assertThat(republish(api)).isEqualTo(202);
				await().atMost(PATIENCE).until(() -> progress(api).at("/sent").asInt() >= 10);
				killed = progress(api);
				first.kill9();
				assertThat(killed.at("/state").asString()).isEqualTo("RUNNING");
			}
			empty(space.topicPrefix() + "site-metadata");
			assertThat(probe.committed("site-metadata")).isEmpty();
			try (SitestreamProcess second = SitestreamProcess.in(space)
				.modules("site", "appswriter", "appsreader")
				.named("second")
				.with("sitestream.redis.prefix", space.redisPrefix() + "anew:")
				.start()) {
				ApiClient api = new ApiClient(second.port());
				awaitCompleted(api);
				assertThat(progress(api).at("/sent").asInt()).isEqualTo(SITES);
				assertThat(progress(api).at("/startedAt")).as("the same run").isEqualTo(killed.at("/startedAt"));
				assertThat(keys(probe)).hasSizeGreaterThanOrEqualTo(SITES - killed.at("/sent").asInt())
					.contains(SITE.formatted(SITES - 1));

				assertThat(republish(api)).isEqualTo(202);
				awaitCompleted(api);
				assertThat(keys(probe)).hasSize(SITES);
				await().atMost(PATIENCE)
					.untilAsserted(
							() -> assertThat(api.get("/api/installed-apps/by-app/chat").json().at("/count").asInt())
								.isEqualTo(SITES));
			}
		}
	}

	private static Set<String> keys(TopicProbe probe) {
		return probe.committed("site-metadata")
			.stream()
			.map((record) -> new String(record.key(), UTF_8))
			.collect(Collectors.toSet());
	}

	private static void create(ApiClient api, int number) {
		assertThat(api.post("/api/sites",
				"{\"siteId\":\"%s\",\"ownerId\":\"ann\",\"name\":\"N\",\"apps\":[{\"appId\":\"chat\",\"version\":\"1\"}]}"
					.formatted(SITE.formatted(number)),
				"Prefer", "respond-async")
			.status()).isEqualTo(202);
	}

	private static int republish(ApiClient api) {
		return api.post("/actuator/sites", "{\"action\":\"republish\"}").status();
	}

	private static JsonNode progress(ApiClient api) {
		return api.get("/actuator/sites").json().at("/republish");
	}

	private static void awaitCompleted(ApiClient api) {
		await().atMost(PATIENCE).until(() -> progress(api).at("/state").asString().equals("COMPLETED"));
	}

	private static void empty(String topic) throws Exception {
		try (Admin admin = Admin
			.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, TestServers.kafka().address()))) {
			int partitions = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().size();
			admin.deleteTopics(List.of(topic)).all().get();
			await().atMost(PATIENCE).until(() -> !admin.listTopics().names().get().contains(topic));
			admin
				.createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())
					.configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT))))
				.all()
				.get();
		}
	}

}
