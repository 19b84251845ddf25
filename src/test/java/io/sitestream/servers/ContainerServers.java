package io.sitestream.servers;

import java.util.List;
import java.util.Map;

import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The servers as Docker containers on the same ports. What they keep ends with them.
 */
final class ContainerServers implements LocalServers {

	private static final String NAME = "sitestream";

	private final LocalSettings settings;

	private List<GenericContainer<?>> containers = List.of();

	ContainerServers(LocalSettings settings) {
		this.settings = settings;
	}

	@Override
	public void start() {
		if (!DockerClientFactory.instance().isDockerAvailable()) {
			throw new LocalRunRefusedException(
					"sitestream.dev.services is 'containers', but no Docker engine answers: start one, or leave the property out to run embedded servers.");
		}
		LocalSettings.requireFree(this.settings.kafkaPort(), "Kafka", "sitestream.dev.kafka-port");
		LocalSettings.requireFree(this.settings.redisPort(), "Redis", "sitestream.dev.redis-port");
		LocalSettings.requireFree(this.settings.postgresPort(), "PostgreSQL", "sitestream.dev.postgres-port");
		this.containers = List.of(kafka(), redis(), postgres());
		Startables.deepStart(this.containers).join();
	}

	@Override
	public void stop() {
		this.containers.forEach(GenericContainer::stop);
	}

	@Override
	public Map<String, String> properties() {
		return Map.of("spring.kafka.bootstrap-servers", "127.0.0.1:" + this.settings.kafkaPort(),
				"spring.data.redis.host", "127.0.0.1", "spring.data.redis.port",
				Integer.toString(this.settings.redisPort()), "spring.datasource.url",
				"jdbc:postgresql://127.0.0.1:%d/%s".formatted(this.settings.postgresPort(), NAME),
				"spring.datasource.username", NAME);
	}

	private GenericContainer<?> kafka() {
		return publish(new KafkaContainer(DockerImageName.parse("apache/kafka:4.2.0")), this.settings.kafkaPort(),
				9092);
	}

	private GenericContainer<?> redis() {
		return publish(new GenericContainer<>(DockerImageName.parse("redis:7.4")).waitingFor(Wait.forListeningPort()),
				this.settings.redisPort(), 6379);
	}

	private GenericContainer<?> postgres() {
		return publish(
				new PostgreSQLContainer(DockerImageName.parse("postgres:18")).withDatabaseName(NAME)
					.withUsername(NAME)
					.withEnv("POSTGRES_HOST_AUTH_METHOD", "trust")
					.withCommand("postgres", "-c", "wal_level=logical", "-c", "max_replication_slots=10"),
				this.settings.postgresPort(), 5432);
	}

	private static GenericContainer<?> publish(GenericContainer<?> container, int port, int inner) {
		container.addExposedPort(inner);
		container.setPortBindings(List.of("127.0.0.1:%d:%d".formatted(port, inner)));
		return container;
	}

}
