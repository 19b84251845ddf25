package io.sitestream.lambda;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import io.lettuce.core.RedisClient;
import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.TopicProbe;
import io.sitestream.lambda.EventSourceMapping.Outcome;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * AWS's own runtime interface client, which is what calls a handler in Lambda, runs the
 * zip: nothing else is on its class path.
 */
@EnabledIfSystemProperty(named = "sitestream.test.lambda", matches = ".+",
		disabledReason = "the profile lambda makes the zip")
class LambdaPackageProcessTests {

	private static final long LARGEST = 250L * 1024 * 1024;

	@TempDir
	Path task;

	@Test
	void theRuntimeOfLambdaRunsTheZip() throws Exception {
		Path zip = Path.of(System.getProperty("sitestream.test.lambda"));
		long bytes = unpack(zip);
		System.out.printf("%s: %d MB, unpacked %d MB.%n", zip.getFileName(), Files.size(zip) >> 20, bytes >> 20);
		assertThat(bytes).as("what Lambda takes").isLessThan(LARGEST);
		TestSpace space = TestSpace.of("appswriter");
		try (RuntimeApi runtime = new RuntimeApi();
				TopicProbe probe = new TopicProbe(TestServers.kafka().address(), space.topicPrefix())) {
			Process process = start(space, runtime);
			try {
				long begin = System.nanoTime();
				assertThat(runtime.initialized().get(120, TimeUnit.SECONDS)).as("see %s", log()).isEmpty();
				System.out.printf("Initialized after %d ms, CPU %d ms.%n",
						TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin),
						process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis());
				projects(space, runtime, probe);
				refusesOtherEvents(runtime);
			}
			finally {
				process.destroyForcibly().waitFor();
			}
		}
	}

	private static void projects(TestSpace space, RuntimeApi runtime, TopicProbe probe) {
		try (EventSourceMapping mapping = new EventSourceMapping(TestServers.kafka().address(),
				space.topicPrefix() + "site-metadata", space.topicPrefix() + "project-installed-apps", 100,
				KafkaEventJson.MSK, (event) -> {
					long begin = System.nanoTime();
					RuntimeApi.Answer answer = runtime.call(event);
					System.out.printf("Answered %s after %d ms.%n", answer,
							TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
					assertThat(answer.success()).as(answer.body()).isTrue();
					return answer.body().getBytes(StandardCharsets.UTF_8);
				})) {
			probe.put("site-metadata", "poison", "{");
			probe.put("site-metadata", "packed",
					"""
							{"siteId":"packed","version":1,"ownerId":"ann","name":"Packed","publishedVersion":0,"apps":[\
							{"appId":"chat","instanceId":"i-1","version":"1","status":"ENABLED","installedAt":"2026-11-23T12:00:00Z"}],\
							"createdAt":"2026-11-23T12:00:00Z","updatedAt":"2026-11-23T12:00:00Z"}""");
			List<Outcome> outcomes = new ArrayList<>();
			await().atMost(Duration.ofSeconds(60)).until(() -> {
				outcomes.add(mapping.next());
				return outcomes.stream().mapToInt(Outcome::records).sum() == 2;
			});

			assertThat(outcomes).allSatisfy((outcome) -> assertThat(outcome.again()).isEmpty());
			assertThat(probe.committed("site-metadata.project-installed-apps.dlq")).extracting(ConsumerRecord::value)
				.containsExactly("{".getBytes(StandardCharsets.UTF_8));
			assertThat(keys(space)).anyMatch((key) -> key.endsWith(":view:{packed}"))
				.anyMatch((key) -> key.contains("{app/chat}"));
		}
	}

	private static List<String> keys(TestSpace space) {
		try (RedisClient client = RedisClient.create("redis://" + TestServers.redis().address())) {
			return client.connect().sync().keys(space.redisPrefix() + "*");
		}
	}

	private static void refusesOtherEvents(RuntimeApi runtime) throws InterruptedException {
		RuntimeApi.Answer refusal = runtime.call("{\"Records\":[]}".getBytes(StandardCharsets.UTF_8));

		assertThat(refusal.success()).isFalse();
		assertThat(refusal.body()).contains("The event is none of a Kafka event source");
	}

	private Process start(TestSpace space, RuntimeApi runtime) throws IOException {
		String client = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> entry.contains("aws-lambda-java") || entry.contains("utils-lite"))
			.collect(Collectors.joining(File.pathSeparator));
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp",
				client, "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
				"io.sitestream.LambdaHandler::handleRequest")
			.directory(this.task.toFile())
			.redirectErrorStream(true)
			.redirectOutput(log().toFile());
		space.properties().forEach((name, value) -> builder.environment().put(variable(name), value));
		builder.environment().put("SITESTREAM_MODULES", "appswriter");
		builder.environment().put("SITESTREAM_LAMBDA_REPORT_FAILURES", "true");
		builder.environment().put("AWS_LAMBDA_RUNTIME_API", runtime.address());
		return builder.start();
	}

	private static Path log() throws IOException {
		return Files.createDirectories(Path.of("target", "process-logs"))
			.resolve("lambda-%d.log".formatted(ProcessHandle.current().pid()))
			.toAbsolutePath();
	}

	private static String variable(String property) {
		return property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
	}

	private long unpack(Path zip) throws IOException {
		try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
			for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
				Path file = this.task.resolve(entry.getName());
				if (entry.isDirectory()) {
					Files.createDirectories(file);
				}
				else {
					Files.createDirectories(file.getParent());
					Files.copy(in, file);
				}
			}
		}
		try (Stream<Path> files = Files.walk(this.task)) {
			return files.filter(Files::isRegularFile).mapToLong((file) -> file.toFile().length()).sum();
		}
	}

}
