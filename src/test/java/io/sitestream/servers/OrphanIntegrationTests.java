package io.sitestream.servers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class OrphanIntegrationTests {

	@TempDir
	Path folder;

	@Test
	void leavesAForeignProcessAloneThatHasTheRecordedId() throws Exception {
		Process foreign = new ProcessBuilder("sleep", "60").start();
		try {
			Path pidFile = Files.writeString(this.folder.resolve("redis.pid"), foreign.pid() + "\n");

			assertThat(new Orphan(pidFile, "redis-server", this.folder).end()).isFalse();
			assertThat(new Orphan(pidFile, "sleep", this.folder).end()).isFalse();
			assertThat(foreign.isAlive()).isTrue();

			assertThat(new Orphan(pidFile, "sleep", Path.of("60")).end()).isTrue();
			assertThat(foreign.waitFor(10, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			foreign.destroyForcibly();
		}
	}

	@Test
	void findsNothingWithoutARecord() throws Exception {
		assertThat(new Orphan(this.folder.resolve("absent"), "", this.folder).end()).isFalse();
		assertThat(new Orphan(Files.writeString(this.folder.resolve("odd"), "no number"), "", this.folder).end())
			.isFalse();
	}

	@Test
	void redisTakesItsFolderOverFromAnOrphan() {
		int port = Ports.free();
		try (LocalRedis orphan = new LocalRedis(this.folder, port);
				LocalRedis next = new LocalRedis(this.folder, port);
				RedisClient client = RedisClient.create("redis://" + orphan.address())) {
			orphan.start();
			try (StatefulRedisConnection<String, String> connection = client.connect()) {
				connection.sync().set("kept", "yes");
			}

			next.start();

			assertThat(orphan.isRunning()).isFalse();
			try (StatefulRedisConnection<String, String> connection = client.connect()) {
				assertThat(connection.sync().get("kept")).isEqualTo("yes");
			}
		}
	}

	@Test
	void postgresTakesItsFolderOverFromAnOrphan() {
		int port = Ports.free();
		LocalPostgres orphan = new LocalPostgres(this.folder, port);
		orphan.start();
		orphan.createDatabase("kept");

		try (LocalPostgres next = new LocalPostgres(this.folder, port)) {
			assertThat(next.endOrphan()).isTrue();
			assertThat(Ports.isFree(port)).isTrue();
			assertThat(next.endOrphan()).isFalse();
			orphan.stop();

			next.start();
			next.createDatabase("kept");
		}
	}

}
