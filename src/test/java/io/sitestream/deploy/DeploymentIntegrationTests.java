package io.sitestream.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.sitestream.ApiClient;
import io.sitestream.SitestreamTest;
import io.sitestream.platform.kafka.FunctionTable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an operator copies agrees with the application.
 */
@SitestreamTest
class DeploymentIntegrationTests {

	private static final Path INFRA = Path.of("infra");

	private static final Pattern METRIC = Pattern
		.compile("\\b((?:sitestream|kafka|http|jvm|process|hikaricp)_[a-z_]+)\\b");

	@Autowired
	FunctionTable functions;

	@LocalServerPort
	int port;

	@Value("${spring.kafka.bootstrap-servers}")
	String kafka;

	@Value("${sitestream.topics.prefix}")
	String prefix;

	@Test
	void strimziMakesTheTopicsThatTheApplicationMakes() {
		Map<String, Map<String, String>> rendered = new TreeMap<>();
		RenderedChart.of("", "kafkaTopics.enabled=true", "kafka.topicsPrefix=" + this.prefix)
			.ofKind("KafkaTopic")
			.forEach((topic) -> {
				Map<String, String> about = new TreeMap<>(
						Map.of("partitions", topic.at("/spec/partitions").asString()));
				topic.at("/spec/config")
					.properties()
					.forEach((entry) -> about.put(entry.getKey(), entry.getValue().asString()));
				about.remove("min.insync.replicas");
				rendered.put(topic.at("/spec/topicName").asString(), about);
			});

		await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(made()).isEqualTo(rendered));
	}

	@Test
	void theChartKnowsTheFunctionsThatHaveGroups() {
		Map<String, Set<String>> grouped = new TreeMap<>();
		this.functions.rows().forEach((name, row) -> {
			if (!row.group().isEmpty()) {
				row.consumes()
					.forEach((topic) -> grouped.computeIfAbsent(row.group(), (unused) -> new TreeSet<>()).add(topic));
			}
		});
		Map<String, Set<String>> scaled = new TreeMap<>();
		RenderedChart.of("", "deployments.monolith.autoscaling.type=lag")
			.ofKind("ScaledObject")
			.forEach((object) -> object.at("/spec/triggers")
				.forEach((trigger) -> scaled
					.computeIfAbsent(trigger.at("/metadata/consumerGroup").asString(), (unused) -> new TreeSet<>())
					.add(trigger.at("/metadata/topic").asString())));

		assertThat(scaled).isEqualTo(grouped);
	}

	@Test
	void theDashboardShowsWhatIsMeasured() throws IOException {
		ApiClient api = new ApiClient(this.port);
		JsonNode dashboard = new JsonMapper()
			.readTree(Files.readAllBytes(INFRA.resolve("grafana/dashboards/sitestream.json")));
		Set<String> shown = new TreeSet<>();
		dashboard.at("/panels").forEach((panel) -> panel.at("/targets").forEach((target) -> {
			Matcher matcher = METRIC.matcher(target.at("/expr").asString());
			while (matcher.find()) {
				shown.add(matcher.group(1));
			}
		}));
		assertThat(shown).hasSizeGreaterThan(10);
		api.post("/api/sites", "{\"ownerId\":\"ada\",\"name\":\"Shown on a dashboard\"}");
		api.sendTyped("POST", "/api/contact-imports?channelId=shown-on-a-dashboard", "email\nada@example.org\n",
				"text/csv");

		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(measured(api.get("/actuator/prometheus").body())).containsAll(shown));
	}

	@Test
	void composeAndChartSetPropertiesThatThereAre() throws IOException {
		ConfigurationNames names = new ConfigurationNames();
		Map<String, JsonNode> services = composed();

		assertThat(services).containsKeys("web", "writers", "importers", "kafka", "redis", "postgresql", "prometheus",
				"grafana");
		services.forEach((name, service) -> {
			assertThat(service.at("/image").asString()).as("%s is pinned", name).matches("[^:]+:[^:]*\\d.*");
			if (service.at("/image").asString().startsWith("sitestream:")) {
				assertThat(service.at("/environment").propertyNames()).as(name).allMatch(names::know);
			}
		});
		assertThat(names.know("SITESTREAM_MODULE")).isFalse();
		assertThat(RenderedChart
			.of("", "kafkaTopics.enabled=true", "redis.existingSecret=x", "kafka.topicsPrefix=p.",
					"redis.tls.enabled=true", "kafka.tls.existingSecret=y")
			.environment("monolith")
			.keySet()).allMatch(names::know);
	}

	private static Map<String, JsonNode> composed() throws IOException {
		try (InputStream file = Files.newInputStream(INFRA.resolve("compose.yaml"))) {
			Map<String, JsonNode> services = new LinkedHashMap<>();
			new JsonMapper().<JsonNode>valueToTree(new Yaml().<Object>load(file))
				.at("/services")
				.properties()
				.forEach((service) -> services.put(service.getKey(), service.getValue()));
			return services;
		}
	}

	private static Set<String> measured(String metrics) {
		Set<String> names = new TreeSet<>();
		metrics.lines().filter((line) -> !line.startsWith("#")).forEach((line) -> names.add(line.split("[{ ]")[0]));
		return names;
	}

	private Map<String, Map<String, String>> made() throws Exception {
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", this.kafka))) {
			Set<String> names = new TreeSet<>(admin.listTopics().names().get());
			names.removeIf((name) -> !name.startsWith(this.prefix));
			Map<String, TopicDescription> described = admin.describeTopics(names).allTopicNames().get();
			Map<ConfigResource, Config> configured = admin
				.describeConfigs(
						names.stream().map((name) -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList())
				.all()
				.get();
			Map<String, Map<String, String>> made = new TreeMap<>();
			configured.forEach((resource, config) -> {
				Map<String, String> about = new TreeMap<>(
						Map.of("partitions", Integer.toString(described.get(resource.name()).partitions().size()),
								"cleanup.policy", config.get("cleanup.policy").value()));
				if (about.get("cleanup.policy").equals("delete")) {
					about.put("retention.ms", config.get("retention.ms").value());
					about.put("segment.ms", config.get("segment.ms").value());
				}
				if (!config.get("max.message.bytes").isDefault()) {
					about.put("max.message.bytes", config.get("max.message.bytes").value());
				}
				made.put(resource.name(), about);
			});
			return made;
		}
	}

}
