package io.sitestream.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.util.FileSystemUtils;

/**
 * The servers from Maven artifacts. Their data lies in one folder, which belongs to one
 * run at a time: a lock that ends with the process keeps others away, and whoever holds
 * it may end the servers that a killed run has left there.
 */
final class EmbeddedServers implements LocalServers {

	private static final String DATABASE = "sitestream";

	private final LocalSettings settings;

	private final LocalKafka kafka;

	private final LocalRedis redis;

	private final LocalPostgres postgres;

	private @Nullable FolderLock lock;

	EmbeddedServers(LocalSettings settings) {
		Path folder = settings.path();
		this.settings = settings;
		this.kafka = new LocalKafka(folder.resolve("kafka"), settings.kafkaPort());
		this.redis = new LocalRedis(folder.resolve("redis"), settings.redisPort());
		this.postgres = new LocalPostgres(folder.resolve("postgres"), settings.postgresPort());
	}

	@Override
	public void awaitTurn() {
		try {
			if (this.lock == null) {
				this.lock = FolderLock.take(this.settings.path());
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot use the folder " + this.settings.path(), ex);
		}
	}

	@Override
	public void start() {
		awaitTurn();
		try {
			this.redis.endOrphan();
			this.postgres.endOrphan();
			LocalSettings.requireFree(this.kafka.port(), "Kafka", "sitestream.dev.kafka-port");
			LocalSettings.requireFree(this.redis.port(), "Redis", "sitestream.dev.redis-port");
			LocalSettings.requireFree(this.postgres.port(), "PostgreSQL", "sitestream.dev.postgres-port");
			if (this.settings.fresh()) {
				forget(this.settings.path());
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot use the folder " + this.settings.path(), ex);
		}
		try {
			all(List.of(this.kafka::start, this.redis::start, this.postgres::start));
			this.postgres.createDatabase(DATABASE);
		}
		catch (RuntimeException ex) {
			throw new LocalRunRefusedException(
					"A server cannot start on what lies in %s (sitestream.dev.fresh forgets it): %s"
						.formatted(this.settings.path(), NestedExceptionUtils.getMostSpecificCause(ex)));
		}
	}

	@Override
	public void stop() {
		all(List.of(this.kafka::stop, this.redis::stop, this.postgres::stop));
	}

	@Override
	public Map<String, String> properties() {
		return Map.of("spring.kafka.bootstrap-servers", this.kafka.address(), "spring.data.redis.host", "127.0.0.1",
				"spring.data.redis.port", Integer.toString(this.redis.port()), "spring.datasource.url",
				this.postgres.url(DATABASE), "spring.datasource.username", LocalPostgres.USER);
	}

	private static void forget(Path folder) throws IOException {
		for (String server : List.of("kafka", "redis", "postgres")) {
			FileSystemUtils.deleteRecursively(folder.resolve(server));
		}
	}

	private static void all(List<Runnable> actions) {
		CompletableFuture.allOf(actions.stream().map(CompletableFuture::runAsync).toArray(CompletableFuture[]::new))
			.join();
	}

}
