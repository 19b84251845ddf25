package io.sitestream.deploy;

import java.io.InputStream;
import java.util.Map;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The chart, rendered by Helm itself.
 */
class ChartUnitTests {

	private static final Map<String, Class<?>> TYPES = Map.of("ConfigMap", ConfigMap.class, "Service", Service.class,
			"ServiceAccount", ServiceAccount.class, "Deployment", Deployment.class, "HorizontalPodAutoscaler",
			HorizontalPodAutoscaler.class, "Ingress", Ingress.class, "NetworkPolicy", NetworkPolicy.class,
			"PodDisruptionBudget", PodDisruptionBudget.class, "ServiceMonitor", ServiceMonitor.class);

	private static final String[] EVERYTHING = { "ingress.enabled=true", "serviceMonitor.enabled=true",
			"serviceMonitor.tokenSecret=metrics", "kafkaTopics.enabled=true", "keda.authenticationRef=kafka",
			"kafka.securityProtocol=SASL_SSL", "kafka.sasl.existingSecret=kafka", "kafka.tls.existingSecret=kafka-ca",
			"kafka.tls.clientCertificate=true", "kafka.topicsPrefix=prod.", "redis.existingSecret=redis",
			"redis.tls.enabled=true", "redis.tls.existingSecret=redis-ca", "redis.clusterNodes[0]=r-0:6379",
			"redis.clusterNodes[1]=r-1:6379", "postgresql.existingSecret=postgresql",
			"security.issuerUri=https://id.example.org", "ingress.tlsSecret=tls", "image.pullSecrets[0]=pull" };

	@Test
	void passesHelmsOwnLook() {
		LintResult result = new Helm(RenderedChart.CHART).lint().strict().call();

		assertThat(result.getMessages()).noneMatch((message) -> message.contains("[ERROR]"));
		assertThat(result.isFailed()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "values-monolith.yaml", "values-functions.yaml" })
	void rendersOnlyWhatTheClusterKnows(String values) throws Exception {
		RenderedChart chart = RenderedChart.of(values, EVERYTHING);

		for (JsonNode object : chart.objects()) {
			String kind = object.at("/kind").asString();
			if (TYPES.containsKey(kind)) {
				assertThat(StrictTypes.read(object, TYPES.get(kind))).as(kind).isNotNull();
			}
			else {
				assertThat(schema(kind).validate(object.toString(), InputFormat.JSON)).as("%s", object).isEmpty();
			}
		}
		assertThat(chart.ofKind("KafkaTopic")).isNotEmpty();
		assertThat(chart.ofKind("ServiceMonitor")).isNotEmpty();
	}

	@Test
	void strictMeansStrict() {
		JsonNode deployment = RenderedChart.of("").deployment("monolith");
		String misspelt = deployment.toString().replace("\"terminationGracePeriodSeconds\"", "\"terminationGrace\"");

		assertThat(misspelt).isNotEqualTo(deployment.toString());
		assertThatException().isThrownBy(() -> StrictTypes.read(misspelt, Deployment.class))
			.withMessageContaining("terminationGrace");
	}

	@Test
	void runsEverythingInOneDeployment() {
		RenderedChart chart = RenderedChart.of("values-monolith.yaml");

		assertThat(chart.ofKind("Deployment")).hasSize(1);
		assertThat(chart.deployment("monolith").at("/spec/replicas").asInt()).isEqualTo(3);
		assertThat(chart.environment("monolith")).doesNotContainKey("SITESTREAM_FUNCTIONS");
		assertThat(chart.environment("monolith").get("SITESTREAM_MODULES").split(",")).hasSize(9);
	}

	@ParameterizedTest
	@CsvSource({ "apply-site-commands, site, applySiteCommands", "site, site, settleSiteCommands",
			"project-installed-apps, appswriter, projectInstalledApps", "installed-apps, appsreader, ",
			"import-contacts, contactimporter, importContacts", "contacts, contactimporter, -importContacts",
			"track-contact-imports, contactjobs, trackContactImports", "derive-time-zones, bookings, deriveTimeZones" })
	void runsOneFunctionPerDeployment(String deployment, String modules, String functions) {
		RenderedChart chart = RenderedChart.of("values-functions.yaml");

		assertThat(chart.environment(deployment)).containsEntry("SITESTREAM_MODULES", modules);
		assertThat(chart.environment(deployment).get("SITESTREAM_FUNCTIONS")).isEqualTo(functions);
	}

	@Test
	void movesAFunctionOutWithOneSetting() {
		RenderedChart chart = RenderedChart.of("", "deployments.importers.enabled=true", "ingress.enabled=true");

		assertThat(chart.environment("importers")).containsEntry("SITESTREAM_MODULES", "contactimporter")
			.containsEntry("SITESTREAM_FUNCTIONS", "importContacts");
		assertThat(chart.environment("monolith")).containsEntry("SITESTREAM_FUNCTIONS", "-importContacts");
		assertThat(chart.routes()).containsEntry("/api/contacts", "prod-monolith");
		assertThat(chart.ofKind("ScaledObject")).singleElement()
			.satisfies((scaled) -> assertThat(scaled.at("/spec/triggers/0/metadata/consumerGroup").asString())
				.isEqualTo("import-contacts"));
	}

	@Test
	void movesAModuleOutWithItsEndpoints() {
		RenderedChart chart = RenderedChart.of("", "deployments.readers.enabled=true", "ingress.enabled=true");

		assertThat(chart.environment("readers")).containsEntry("SITESTREAM_MODULES", "appsreader");
		assertThat(chart.environment("monolith").get("SITESTREAM_MODULES").split(",")).doesNotContain("appsreader")
			.hasSize(8);
		assertThat(chart.routes()).containsEntry("/api/installed-apps", "prod-readers")
			.containsEntry("/api/sites", "prod-monolith");
	}

	@ParameterizedTest
	@ValueSource(strings = { "values-monolith.yaml", "values-functions.yaml" })
	void routesEveryEndpoint(String values) {
		RenderedChart chart = RenderedChart.of(values);

		assertThat(chart.routes()).containsKeys("/api/sites", "/api/site-commands", "/api/installed-apps",
				"/api/contact-imports", "/api/contacts", "/api/countries", "/api/bookings", "/api/ticketing", "/ws");
		assertThat(chart.routes().values()).allSatisfy((service) -> assertThat(chart.ofKind("Service"))
			.anyMatch((object) -> object.at("/metadata/name").asString().equals(service)));
	}

	@Test
	void sendsRejectionsToWhereContactsAre() {
		assertThat(RenderedChart.of("values-functions.yaml").routes())
			.containsEntry("/api/contact-imports/[^/]+/rejections", "prod-contacts")
			.containsEntry("/api/contact-imports", "prod-contact-imports");
	}

	@Test
	void makesTheMarksOfTheStreamWhereChangesAreStreamed() {
		RenderedChart chart = RenderedChart.of("", "site.writePath=cdc", "kafkaTopics.enabled=true");

		assertThat(chart.environment("monolith")).containsEntry("SITESTREAM_SITE_WRITE_PATH", "cdc");
		assertThat(chart.ofKind("KafkaTopic")).extracting((topic) -> topic.at("/spec/topicName").asString())
			.contains("site-changes-streamed");
		assertThat(RenderedChart.of("", "kafkaTopics.enabled=true").ofKind("KafkaTopic"))
			.extracting((topic) -> topic.at("/spec/topicName").asString())
			.doesNotContain("site-changes-streamed");
	}

	@Test
	void runsAsNobodyAndWritesNothing() {
		for (JsonNode deployment : RenderedChart.of("values-functions.yaml").ofKind("Deployment")) {
			JsonNode pod = deployment.at("/spec/template/spec");
			assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
			assertThat(pod.at("/containers/0/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
			assertThat(pod.at("/containers/0/securityContext/capabilities/drop/0").asString()).isEqualTo("ALL");
			assertThat(pod.at("/automountServiceAccountToken").asBoolean()).isFalse();
		}
	}

	@Test
	void leavesTimeToDrain() {
		JsonNode pod = RenderedChart.of("").deployment("monolith").at("/spec/template/spec");

		assertThat(pod.at("/containers/0/lifecycle/preStop/sleep/seconds").asInt()).isEqualTo(5);
		// two phases of at most 20 s each come after it
		assertThat(pod.at("/terminationGracePeriodSeconds").asInt()).isGreaterThan(5 + 2 * 20);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					deployments.monolith.enabled=false | deployments: none is enabled. Enable at least one, for example the one that is called monolith.
					deployments.x.modules[0]=sites | deployments.x: module 'sites' is unknown. Known are: appsreader, appswriter, bookings, business, contactimporter, contactjobs, notification, site, ticketing.
					deployments.x.replicas=1 | deployments.x: modules is missing. Known are: appsreader, appswriter, bookings, business, contactimporter, contactjobs, notification, site, ticketing. Or say rest: true for everything that no other deployment takes.
					deployments.x.rest=true | deployments: monolith and x are all the rest, but there can be one at most.
					deployments.readers.autoscaling.type=lag | deployments.readers: autoscaling.type is lag, but it runs no function with a group. Allowed here are none and cpu.
					""")
	void refusesWithASentence(String setting, String sentence) {
		String[] settings = setting.startsWith("deployments.readers")
				? new String[] { setting, "deployments.readers.enabled=true" } : new String[] { setting };

		assertThatIllegalStateException().isThrownBy(() -> RenderedChart.of("", settings))
			.withMessageContaining(sentence);
	}

	@Test
	void refusesToRunAFunctionNowhere() {
		assertThatIllegalStateException()
			.isThrownBy(
					() -> RenderedChart.of("values-functions.yaml", "deployments.apply-site-commands.enabled=false"))
			.withMessageContaining("Function applySiteCommands of module site would run nowhere");
	}

	@Test
	void refusesRequestsThatWouldGoNowhere() {
		assertThatIllegalStateException()
			.isThrownBy(() -> RenderedChart.of("values-functions.yaml", "deployments.site.http=false"))
			.withMessageContaining("Requests for /api/sites would go nowhere");
	}

	@Test
	void refusesUnknownValues() {
		assertThatIllegalStateException().isThrownBy(() -> RenderedChart.of("", "kafka.bootstrap=kafka:9092"))
			.withMessageContaining("bootstrap");
	}

	private static Schema schema(String kind) throws Exception {
		try (InputStream file = ChartUnitTests.class.getResourceAsStream(kind + ".schema.json")) {
			assertThat(file).as("a schema for " + kind).isNotNull();
			return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(file);
		}
	}

}
