package io.sitestream.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.fabric8.knative.duck.v1.DeliverySpec;
import io.fabric8.knative.eventing.v1alpha1.KafkaSink;
import io.fabric8.knative.serving.v1.Service;
import io.fabric8.knative.sources.v1.KafkaSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.sitestream.contactjobs.ContactImportTopics;
import io.sitestream.notification.NotificationTopics;
import io.sitestream.platform.Topic;
import io.sitestream.site.SiteTopics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * The manifests in {@code infra/knative} against Knative's types and against the
 * functions that they call.
 */
class KnativeManifestsUnitTests {

	private static final Path FOLDER = Path.of("infra", "knative");

	private static final List<Topic<?>> TOPICS = List.of(SiteTopics.SITE_METADATA,
			ContactImportTopics.CONTACT_IMPORT_BATCHES, NotificationTopics.NOTIFICATIONS);

	@Test
	void thereIsOneForEachFunctionThatMayBeCalled() {
		assertThat(manifests()).extracting((file) -> file.getFileName().toString())
			.containsExactlyInAnyOrder("project-installed-apps.yaml", "import-contacts.yaml",
					"push-notifications.yaml");
	}

	@ParameterizedTest
	@MethodSource("manifests")
	void theServiceRunsTheFunctionThatIsCalled(Path file) throws IOException {
		Service service = StrictTypes.read(object(file, "Service"), Service.class);
		Map<String, String> environment = new LinkedHashMap<>();
		var container = service.getSpec().getTemplate().getSpec().getContainers().getFirst();
		for (EnvVar variable : container.getEnv()) {
			environment.put(variable.getName(), variable.getValue());
		}
		KafkaSource source = StrictTypes.read(object(file, "KafkaSource"), KafkaSource.class);

		ConfigurationNames names = new ConfigurationNames();
		assertThat(environment.keySet()).allMatch(names::know);
		assertThat(environment).containsEntry("SITESTREAM_SERVING", "http");
		String function = environment.get("SITESTREAM_FUNCTIONS");
		String binding = "spring.cloud.stream:\n  bindings:\n    %s-in-0:\n".formatted(function);
		assertThat(Files
			.readString(Path.of("src/main/resources/bindings/%s.yml".formatted(environment.get("SITESTREAM_MODULES")))))
			.contains(binding + "      destination: ${sitestream.topics.prefix:}%s\n".formatted(topic(source)))
			.contains("      group: ${sitestream.topics.prefix:}%s\n".formatted(source.getSpec().getConsumerGroup()));
		assertThat(source.getSpec().getSink().getUri()).isEqualTo("/functions/" + function);
		assertThat(source.getSpec().getSink().getRef().getName()).isEqualTo(service.getMetadata().getName());
		assertThat(service.getMetadata().getLabels()).containsEntry("networking.knative.dev/visibility",
				"cluster-local");
		assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
	}

	@ParameterizedTest
	@MethodSource("manifests")
	void theSourceLosesNothing(Path file) throws IOException {
		KafkaSource source = StrictTypes.read(object(file, "KafkaSource"), KafkaSource.class);
		KafkaSink sink = StrictTypes.read(object(file, "KafkaSink"), KafkaSink.class);
		Topic<?> topic = TOPICS.stream()
			.filter((known) -> known.name().equals(topic(source)))
			.findFirst()
			.orElseThrow();
		DeliverySpec delivery = source.getSpec().getDelivery();

		assertThat(source.getSpec().getInitialOffset()).isEqualTo("earliest");
		assertThat(source.getSpec().getOrdering()).isEqualTo("ordered");
		assertThat(delivery.getBackoffPolicy()).isEqualTo("linear");
		// the n-th pause is n times the first
		Duration all = Duration.parse(delivery.getBackoffDelay())
			.multipliedBy(delivery.getRetry() * (delivery.getRetry() + 1L) / 2);
		assertThat(all).isBetween(Duration.ofDays(2),
				Objects.requireNonNullElse(topic.retention(), Duration.ofDays(3)));
		assertThat(delivery.getDeadLetterSink().getRef().getName()).isEqualTo(sink.getMetadata().getName());
		assertThat(sink.getSpec().getTopic())
			.isEqualTo("%s.%s.dlq".formatted(topic.name(), source.getSpec().getConsumerGroup()));
		assertThat(sink.getSpec().getContentMode()).isEqualTo("binary");
	}

	@ParameterizedTest
	@MethodSource("manifests")
	void theChartLeavesTheFunctionOut(Path file) throws IOException {
		String function = object(file, "KafkaSource").at("/spec/sink/uri").asString().replace("/functions/", "");
		RenderedChart chart = RenderedChart.of("", "deployments.monolith.config.sitestream.functions=-" + function);

		assertThat(chart.environment("monolith")).doesNotContainKey("SITESTREAM_FUNCTIONS");
		assertThat(chart.ofKind("ConfigMap")).singleElement()
			.satisfies((map) -> assertThat(map.at("/data/application.yaml").asString())
				.contains("sitestream:\n  functions: -" + function));
	}

	@Test
	void strictMeansStrict() {
		String source = object(FOLDER.resolve("import-contacts.yaml"), "KafkaSource").toString();

		for (String name : List.of("initialOffset", "backoffPolicy", "uri", "ordering")) {
			String misspelt = source.replace("\"" + name + "\"", "\"" + name + "s\"");
			assertThat(misspelt).isNotEqualTo(source);
			assertThatException().isThrownBy(() -> StrictTypes.read(misspelt, KafkaSource.class))
				.withMessageContaining(name + "s");
		}
	}

	static List<Path> manifests() {
		try (Stream<Path> files = Files.list(FOLDER)) {
			return files.filter((file) -> file.toString().endsWith(".yaml")).sorted().toList();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String topic(KafkaSource source) {
		assertThat(source.getSpec().getTopics()).hasSize(1);
		return source.getSpec().getTopics().getFirst();
	}

	private static JsonNode object(Path file, String kind) {
		try {
			return StreamSupport.stream(new Yaml().loadAll(Files.readString(file)).spliterator(), false)
				.map((document) -> (JsonNode) JsonMapper.shared().valueToTree(document))
				.filter((document) -> document.at("/kind").asString().equals(kind))
				.findFirst()
				.orElseThrow();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
