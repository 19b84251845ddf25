package io.sitestream.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The template of Lambda in its variants: its resources have the properties that AWS
 * knows, and what it says of the application is so.
 */
class LambdaTemplateUnitTests {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private static final Map<String, String> GIVEN = Map.of("BootstrapServers", "b-1.example.org:9096,b-2:9096",
			"KafkaSecretArn", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:AmazonMSK_kafka-AbCdEf",
			"RedisHost", "redis.example.org", "DatabaseUrl", "jdbc:postgresql://db.example.org:5432/sitestream",
			"DatabaseSecretArn", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:database-AbCdEf", "SubnetIds",
			"subnet-0a1b2c3d,subnet-4e5f6a7b", "SecurityGroupId", "sg-0a1b2c3d4e", "TopicsPrefix", "shop.");

	static Stream<Map<String, String>> variants() {
		Map<String, String> cluster = Map.of("MskClusterArn",
				"arn:aws:kafka:eu-central-1:123456789012:cluster/shop/751d2973-a626-431c-9d4e-d7975eb44dd7-2");
		return Stream.of(cluster,
				with(cluster, "ProvisionedPollers", "2", "SecretsKeyArn",
						"arn:aws:kms:eu-central-1:123456789012:key/751d2973-a626-431c-9d4e-d7975eb44dd7", "JavaRuntime",
						"java21"),
				Map.of("KafkaSource", "self-managed", "Architecture", "x86_64"),
				Map.of("KafkaSource", "self-managed", "ProvisionedPollers", "1", "FailureDestinationArn",
						"arn:aws:sqs:eu-central-1:123456789012:given-up", "RedisSecretArn",
						"arn:aws:secretsmanager:eu-central-1:123456789012:secret:redis-AbCdEf"));
	}

	@ParameterizedTest
	@MethodSource("variants")
	void resourcesAreWhatAwsKnows(Map<String, String> parameters) throws IOException {
		CloudFormationTemplate template = template(parameters);

		assertThat(template.types()).containsExactlyInAnyOrder("AWS::IAM::Role", "AWS::Serverless::Function",
				"AWS::Lambda::EventSourceMapping");
		functions(template).forEach((name, function) -> {
			assertThat(function).containsEntry("CodeUri", "../../target/sitestream-lambda.zip");
			// what SAM makes of it
			function.remove("CodeUri");
			function.put("Code", Map.of("S3Bucket", "some-bucket", "S3Key", "sitestream-lambda.zip"));
			assertKnown("Lambda-Function", function);
		});
		template.resources("AWS::IAM::Role").values().forEach((role) -> assertKnown("IAM-Role", role));
		assertThat(template.resources("AWS::Lambda::EventSourceMapping")).hasSize(2)
			.allSatisfy((name, mapping) -> assertKnown("Lambda-EventSourceMapping", mapping));
	}

	@ParameterizedTest
	@MethodSource("variants")
	void failuresAreReportedWhereTheyAreHeardAndOnlyThere(Map<String, String> parameters) throws IOException {
		CloudFormationTemplate template = template(parameters);
		boolean provisioned = parameters.containsKey("ProvisionedPollers");

		functions(template).values()
			.forEach((function) -> assertThat(variables(function)).containsEntry("SITESTREAM_LAMBDA_REPORT_FAILURES",
					Boolean.toString(provisioned)));
		template.resources("AWS::Lambda::EventSourceMapping").forEach((name, mapping) -> {
			assertThat(mapping.get("FunctionResponseTypes"))
				.isEqualTo(provisioned ? List.of("ReportBatchItemFailures") : null);
			assertThat(mapping.containsKey("ProvisionedPollerConfig")).isEqualTo(provisioned);
			assertThat(mapping.containsKey("DestinationConfig"))
				.isEqualTo(parameters.containsKey("FailureDestinationArn"));
			assertThat(mapping.containsKey("EventSourceArn")).isEqualTo(parameters.containsKey("MskClusterArn"))
				.isNotEqualTo(mapping.containsKey("SelfManagedEventSource"));
		});
	}

	@Test
	void theHandlerAndTheVariablesExist() throws Exception {
		ConfigurationNames names = new ConfigurationNames();
		String[] handler = template(Map.of()).globals().get("Handler").toString().split("::");

		assertThat(Modifier.isPublic(Class.forName(handler[0]).getConstructor().getModifiers())).isTrue();
		assertThat(
				Class.forName(handler[0]).getMethod(handler[1], InputStream.class, OutputStream.class).getReturnType())
			.isEqualTo(void.class);
		for (Map<String, String> parameters : variants().toList()) {
			functions(template(parameters))
				.forEach((name, function) -> assertThat(variables(function).keySet()).as(name)
					.hasSizeGreaterThan(10)
					.allMatch(names::know));
		}
	}

	@Test
	void eachMappingPollsTheTopicOfItsFunctionInItsGroup() throws IOException {
		CloudFormationTemplate template = template(Map.of("KafkaSource", "self-managed"));
		Map<String, Map<String, Object>> functions = functions(template);

		template.resources("AWS::Lambda::EventSourceMapping").values().forEach((mapping) -> {
			Map<String, Object> variables = variables(functions.get(mapping.get("FunctionName").toString()));
			Map<String, Object> binding = binding(variables.get("SITESTREAM_MODULES").toString(),
					variables.get("SITESTREAM_FUNCTIONS").toString());
			assertThat(mapping.get("Topics")).isEqualTo(
					List.of(binding.get("destination").toString().replace("${sitestream.topics.prefix:}", "shop.")));
			assertThat(mapping.get("SelfManagedKafkaEventSourceConfig")).isEqualTo(Map.of("ConsumerGroupId",
					binding.get("group").toString().replace("${sitestream.topics.prefix:}", "shop.")));
		});
	}

	@Test
	void whatThereIsNotIsFound() throws IOException {
		Map<String, Object> mapping = new LinkedHashMap<>(
				template(Map.of()).resources("AWS::Lambda::EventSourceMapping").get("SiteMetadata"));
		mapping.put("BatchWindow", 1);

		assertThat(schema("Lambda-EventSourceMapping").validate(MAPPER.writeValueAsString(mapping), InputFormat.JSON))
			.hasSize(1);
		assertThatIllegalArgumentException().isThrownBy(() -> template(Map.of("KafkaSource", "kinesis")));
	}

	private static CloudFormationTemplate template(Map<String, String> parameters) throws IOException {
		return new CloudFormationTemplate(Path.of("infra/lambda/template.yaml"),
				with(parameters,
						GIVEN.entrySet()
							.stream()
							.flatMap((entry) -> Stream.of(entry.getKey(), entry.getValue()))
							.toArray(String[]::new)));
	}

	private static Map<String, String> with(Map<String, String> some, String... more) {
		Map<String, String> all = new LinkedHashMap<>(some);
		for (int i = 0; i < more.length; i += 2) {
			all.put(more[i], more[i + 1]);
		}
		return all;
	}

	/** The functions with what the globals add to them. */
	private static Map<String, Map<String, Object>> functions(CloudFormationTemplate template) {
		Map<String, Map<String, Object>> functions = template.resources("AWS::Serverless::Function");
		functions.replaceAll((name, own) -> {
			Map<String, Object> function = new LinkedHashMap<>(template.globals());
			Map<String, Object> variables = new LinkedHashMap<>(variables(function));
			variables.putAll(variables(own));
			function.putAll(own);
			function.put("Environment", Map.of("Variables", variables));
			return function;
		});
		assertThat(functions).hasSize(2);
		return functions;
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> variables(Map<String, Object> function) {
		return ((Map<String, Map<String, Object>>) function.get("Environment")).get("Variables");
	}

	private static Map<String, Object> binding(String module, String function) {
		try (InputStream file = new ClassPathResource("bindings/" + module + ".yml").getInputStream()) {
			JsonNode binding = MAPPER.<JsonNode>valueToTree(new Yaml().<Object>load(file))
				.at("/spring.cloud.stream/bindings/%s-in-0".formatted(function));
			return Map.of("destination", binding.at("/destination").asString(), "group",
					binding.at("/group").asString());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void assertKnown(String schema, Map<String, Object> properties) {
		assertThat(schema(schema).validate(MAPPER.writeValueAsString(properties), InputFormat.JSON))
			.as("%s", properties)
			.isEmpty();
	}

	private static Schema schema(String name) {
		try (InputStream file = LambdaTemplateUnitTests.class.getResourceAsStream(name + ".schema.json")) {
			return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(file);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
