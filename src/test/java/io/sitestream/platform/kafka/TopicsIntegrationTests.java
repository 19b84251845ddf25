package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.sitestream.SitestreamTest;
import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.kvstore.ReferenceInstance;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

@SitestreamTest
class TopicsIntegrationTests {

	/** The contract's table, and the dead letters of every function with a group. */
	private static final String CONTRACT = """
			site-commands            delete   7d   6
			site-command-outcomes    delete   1h   1
			site-metadata            compact  -    6
			contact-import-batches   delete   3d   6
			contact-import-events    delete   7d   6
			contact-imports          compact  -    6
			notifications            delete   3d   6
			countries                compact  -    1
			time-zone-overrides      compact  -    1
			time-zones               compact  -    1
			site-commands.apply-site-commands.dlq               delete  14d  1
			site-metadata.project-installed-apps.dlq            delete  14d  1
			contact-import-batches.import-contacts.dlq          delete  14d  1
			contact-import-events.track-contact-imports.dlq     delete  14d  1
			notifications.push-notifications.dlq                delete  14d  1
			countries.derive-time-zones.dlq                     delete  14d  1
			time-zone-overrides.derive-time-zones.dlq           delete  14d  1
			""";

	@Value("${sitestream.topics.prefix}")
	String prefix;

	@Test
	void theContractsTopicsAreCreatedAndNoOthers() throws Exception {
		Map<String, String> contract = new TreeMap<>();
		CONTRACT.lines()
			.map((line) -> line.trim().split("\\s+"))
			.forEach((row) -> contract.put(row[0], "%s %s %s".formatted(row[1], row[2], row[3])));

		assertThat(topics(this.prefix)).isEqualTo(contract);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"3 | compact        | Topic '%scountries' has 3 partitions, 1 are configured: the order per key would be lost. Create it anew with 1, or move its records.",
			"1 | delete         | Topic '%scountries' has cleanup.policy 'delete', but 'compact' is needed: set it with kafka-configs.",
			"1 | compact,delete | Topic '%scountries' has cleanup.policy 'compact,delete', but 'compact' is needed: set it with kafka-configs." })
	void aTopicThatWouldLoseOrderOrRecordsIsARefusal(int partitions, String policy, String sentence) throws Exception {
		TestSpace space = TestSpace.of("business");
		try (Admin admin = admin()) {
			admin.createTopics(List.of(new NewTopic(space.topicPrefix() + "countries", partitions, (short) 1)
				.configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, policy)))).all().get();
		}

		assertThatThrownBy(() -> ReferenceInstance.start(space.properties(), "business"))
			.hasRootCauseInstanceOf(TopicMismatchException.class)
			.hasRootCauseMessage(sentence.formatted(space.topicPrefix()));
	}

	@Test
	void missingTopicsAreARefusalWhereTheyAreNotToBeCreated() throws Exception {
		TestSpace space = TestSpace.of("business");
		Map<String, String> place = new LinkedHashMap<>(space.properties());
		place.put("sitestream.topics.create", "false");

		Throwable refusal = catchThrowable(() -> ReferenceInstance.start(place, "business"));

		assertThat(refusal).hasRootCauseMessage(
				"Topics [%scountries] do not exist and sitestream.topics.create is false: create them first."
					.formatted(space.topicPrefix()));
		assertThat(topics(space.topicPrefix())).isEmpty();
	}

	@Test
	void topicsThatSomebodyElseCreatedAreTaken() throws Exception {
		TestSpace space = TestSpace.of("business");
		try (Admin admin = admin()) {
			admin.createTopics(List.of(new NewTopic(space.topicPrefix() + "countries", 1, (short) 1)
				.configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, "compact")))).all().get();
		}
		Map<String, String> place = new LinkedHashMap<>(space.properties());
		place.put("sitestream.topics.create", "false");

		try (ReferenceInstance instance = ReferenceInstance.start(place, "business").awaitReady()) {
			assertThat(instance.api().get("/api/countries").status()).isEqualTo(200);
		}
	}

	private static Map<String, String> topics(String prefix) throws Exception {
		Map<String, String> found = new TreeMap<>();
		try (Admin admin = admin()) {
			List<String> names = admin.listTopics()
				.names()
				.get()
				.stream()
				.filter((name) -> name.startsWith(prefix))
				.toList();
			Map<String, TopicDescription> descriptions = admin.describeTopics(names).allTopicNames().get();
			List<ConfigResource> resources = new ArrayList<>();
			names.forEach((name) -> resources.add(new ConfigResource(ConfigResource.Type.TOPIC, name)));
			Map<String, Config> configs = admin.describeConfigs(resources)
				.all()
				.get()
				.entrySet()
				.stream()
				.collect(Collectors.toMap((entry) -> entry.getKey().name(), Map.Entry::getValue));
			names.forEach((name) -> found.put(name.substring(prefix.length()),
					describe(descriptions.get(name), configs.get(name))));
		}
		return found;
	}

	private static String describe(TopicDescription topic, Config config) {
		String policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
		Duration retention = Duration.ofMillis(Long.parseLong(config.get(TopicConfig.RETENTION_MS_CONFIG).value()));
		String kept = retention.toDays() > 0 ? retention.toDays() + "d" : retention.toHours() + "h";
		return "%s %s %d".formatted(policy, policy.equals("delete") ? kept : "-", topic.partitions().size());
	}

	private static Admin admin() {
		return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, TestServers.kafka().address()));
	}

}
