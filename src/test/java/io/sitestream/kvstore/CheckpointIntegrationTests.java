package io.sitestream.kvstore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

import io.micrometer.core.instrument.MeterRegistry;
import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.TopicProbe;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.sitestream.kvstore.ReferenceInstance.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class CheckpointIntegrationTests {

	private static final String MODULES = "business";

	private static final List<String> CODES = List.of("AT", "CH", "DE", "ES", "FR", "IT", "PL", "SE", "SS", "US");

	@TempDir
	Path directory;

	private final TestSpace space = TestSpace.of(MODULES);

	private final String topic = this.space.topicPrefix() + "countries";

	private Map<String, String> keeping;

	private final Random random = new Random(11);

	/** What the topic says, by a history of random records. */
	private final Map<String, String> model = new TreeMap<>();

	@BeforeEach
	void keepCheckpoints() {
		this.keeping = new HashMap<>(this.space.properties());
		this.keeping.put("sitestream.kvstore.checkpoints.directory", this.directory.toString());
		this.keeping.put("sitestream.kvstore.look-interval", "200ms");
	}

	@Test
	void isNotLeftUnusedByARestartWhichReadsOnlyWhatCameSince() {
		try (TopicProbe probe = probe()) {
			try (ReferenceInstance first = ReferenceInstance.start(this.keeping, MODULES).awaitReady()) {
				List.of("DE", "CH", "SS", "US", "FR").forEach((code) -> putCountry(probe, code, "first"));
				probe.put("countries", "XX", "{broken");
				store(first).sync(PATIENCE);
				assertThat(taken(first)).isEqualTo(6);
			}
			probe.put("countries", "SS", null);
			putCountry(probe, "CH", "second");

			try (ReferenceInstance second = ReferenceInstance.start(this.keeping, MODULES).awaitReady();
					ReferenceInstance without = ReferenceInstance.start(this.space.properties(), MODULES)
						.awaitReady()) {
				assertThat(taken(second)).isEqualTo(2);
				assertThat(taken(without)).isEqualTo(8);
				assertThat(second.api().get("/api/countries").body()).contains("CH second")
					.isEqualTo(without.api().get("/api/countries").body());
				assertThat(second.api().get("/actuator/kvstores").body())
					.isEqualTo(without.api().get("/actuator/kvstores").body());
			}
		}
	}

	@Test
	void withACompactedTailGivesWhatAFullReplayGivesAfterAnyHistory() throws Exception {
		try (TopicProbe probe = probe(); Admin admin = admin()) {
			compactEagerly(admin);
			try (ReferenceInstance first = ReferenceInstance.start(this.keeping, MODULES).awaitReady()) {
				alter(admin, new ConfigResource(ConfigResource.Type.TOPIC, this.topic),
						Map.of("segment.ms", "100", "min.cleanable.dirty.ratio", "0.001"));
				write(probe, 100);
				store(first).sync(PATIENCE);
			}
			write(probe, 300);
			await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
				// the segment that is written to is never cleaned
				write(probe, 1);
				assertThat(probe.committed("countries")).hasSizeLessThan(100);
			});

			try (ReferenceInstance second = ReferenceInstance.start(this.keeping, MODULES).awaitReady();
					ReferenceInstance without = ReferenceInstance.start(this.space.properties(), MODULES)
						.awaitReady()) {
				assertThat(names(second)).isEqualTo(names(without)).isEqualTo(List.copyOf(this.model.values()));
				assertThat(taken(second)).isLessThanOrEqualTo(taken(without));
			}
		}
	}

	@Test
	void isOfTheNewTopicAfterOneWasMadeAnewUnderARunningStore() throws Exception {
		try (TopicProbe probe = probe(); Admin admin = admin()) {
			try (ReferenceInstance instance = ReferenceInstance.start(this.keeping, MODULES).awaitReady()) {
				List.of("DE", "CH", "SS").forEach((code) -> putCountry(probe, code, "first"));
				store(instance).sync(PATIENCE);

				admin.deleteTopics(Set.of(this.topic)).all().get();
				await().atMost(PATIENCE).until(() -> !admin.listTopics().names().get().contains(this.topic));
				admin
					.createTopics(
							Set.of(new NewTopic(this.topic, 1, (short) 1).configs(Map.of("cleanup.policy", "compact"))))
					.all()
					.get();
				try (TopicProbe other = probe()) {
					List.of("CH", "AT", "LI", "IT").forEach((code) -> putCountry(other, code, "second"));
				}

				await().atMost(PATIENCE)
					.untilAsserted(() -> assertThat(instance.api().get("/api/countries").json().path("items"))
						.extracting((country) -> country.path("name").asString())
						.containsExactly("AT second", "CH second", "IT second", "LI second"));
			}
			try (ReferenceInstance second = ReferenceInstance.start(this.keeping, MODULES).awaitReady()) {
				assertThat(taken(second)).isZero();
				assertThat(store(second).size()).isEqualTo(4);
			}
		}
	}

	@Test
	void costsOnlyTimeWhenItIsDamaged() throws IOException {
		try (ReferenceInstance first = ReferenceInstance.start(this.keeping, MODULES).awaitReady()) {
			assertThat(first.api().put("/api/countries/SS", "{\"name\":\"South Sudan\"}").status()).isEqualTo(201);
		}
		Path file = this.directory.resolve("countries.checkpoint");
		byte[] bytes = Files.readAllBytes(file);
		bytes[bytes.length / 2] ^= 1;
		Files.write(file, bytes);

		try (ReferenceInstance second = ReferenceInstance.start(this.keeping, MODULES).awaitReady()) {
			assertThat(taken(second)).isEqualTo(1);
			assertThat(store(second).containsKey("SS")).isTrue();
		}
	}

	/**
	 * Random puts and tombstones, as many of keys that were written before as of others.
	 */
	private void write(TopicProbe probe, int records) {
		for (int i = 0; i < records; i++) {
			String code = CODES.get(this.random.nextInt(CODES.size()));
			if (this.random.nextInt(3) == 0) {
				probe.put("countries", code, null);
				this.model.remove(code);
			}
			else {
				String name = Long.toString(this.random.nextLong());
				putCountry(probe, code, name);
				this.model.put(code, code + " " + name);
			}
		}
	}

	private static List<String> names(ReferenceInstance instance) {
		return instance.api().get("/api/countries").json().path("items").findValuesAsString("name");
	}

	private static void compactEagerly(Admin admin) throws Exception {
		alter(admin, new ConfigResource(ConfigResource.Type.BROKER, ""), Map.of("log.cleaner.backoff.ms", "500"));
	}

	private static void alter(Admin admin, ConfigResource resource, Map<String, String> settings) throws Exception {
		List<AlterConfigOp> operations = settings.entrySet()
			.stream()
			.map((setting) -> new AlterConfigOp(new ConfigEntry(setting.getKey(), setting.getValue()),
					AlterConfigOp.OpType.SET))
			.toList();
		admin.incrementalAlterConfigs(Map.of(resource, operations)).all().get();
	}

	private static void putCountry(TopicProbe probe, String code, String name) {
		probe.put("countries", code, "{\"code\":\"%s\",\"name\":\"%s %s\"}".formatted(code, code, name));
	}

	private TopicProbe probe() {
		return new TopicProbe(TestServers.kafka().address(), this.space.topicPrefix());
	}

	private static Admin admin() {
		return Admin.create(Map.of("bootstrap.servers", TestServers.kafka().address()));
	}

	private static KeyValueStore<?> store(ReferenceInstance instance) {
		return instance.bean("countryStore", KeyValueStore.class);
	}

	private static long taken(ReferenceInstance instance) {
		MeterRegistry meters = instance.context().getBean(MeterRegistry.class);
		return (long) Objects.requireNonNull(meters.find("sitestream.kvstore.records").functionCounter()).count();
	}

}
