package io.sitestream.servers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class OrphanIntegrationTests {

	@TempDir
	Path folder;

	@Test
	void leavesAForeignProcessAloneThatHasTheRecordedId() throws Exception {
		Process foreign = new ProcessBuilder("sleep", "60").start();
		try {
			Path pidFile = Files.writeString(this.folder.resolve("redis.pid"), foreign.pid() + "\n");

			assertThat(orphan(pidFile, "redis-server", this.folder).end()).isFalse();
			assertThat(orphan(pidFile, "sleep", this.folder).end()).isFalse();
			assertThat(foreign.isAlive()).isTrue();

			assertThat(orphan(pidFile, "sleep", Path.of("60")).end()).isTrue();
			assertThat(foreign.waitFor(10, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			foreign.destroyForcibly();
		}
	}

	@Test
	void leavesAForeignProcessAloneThatHasTheIdOfARecord() throws Exception {
		Process foreign = new ProcessBuilder("sleep", "60").start();
		try {
			RecordedProcess recorded = new RecordedProcess(foreign.pid(), "1");
			Files.writeString(this.folder.resolve("process"), recorded.line());

			assertThat(recorded.isThere()).isFalse();
			assertThat(orphan(this.folder.resolve("absent"), "sleep", Path.of("60")).end()).isFalse();
			assertThat(foreign.isAlive()).isTrue();
		}
		finally {
			foreign.destroyForcibly();
		}
	}

	@Test
	void knowsAProcessThatWasToldToEndAndHasNotYet() throws Exception {
		Process slow = new ProcessBuilder("sleep", "60").start();
		RecordedProcess recorded = RecordedProcess.of(slow.pid());
		try {
			signal("STOP", slow);
			assertThat(recorded.isEnding()).isFalse();
			slow.destroy();
			assertThat(recorded.isEnding()).isTrue();

			signal("CONT", slow);
			await().until(() -> !recorded.isThere());
			assertThat(recorded.isEnding()).isFalse();
		}
		finally {
			slow.destroyForcibly();
		}
	}

	@Test
	void findsNothingWithoutARecord() throws Exception {
		assertThat(orphan(this.folder.resolve("absent"), "", this.folder).end()).isFalse();
		assertThat(orphan(Files.writeString(this.folder.resolve("odd"), "no number"), "", this.folder).end()).isFalse();
	}

	@Test
	void redisTakesItsFolderOverFromAnOrphan() throws Exception {
		int port = Ports.free();
		try (LocalRedis orphan = new LocalRedis(this.folder, port);
				LocalRedis next = new LocalRedis(this.folder, port);
				RedisClient client = RedisClient.create("redis://" + orphan.address())) {
			orphan.start();
			try (StatefulRedisConnection<String, String> connection = client.connect()) {
				connection.sync().set("kept", "yes");
			}
			// it does so itself before it closes its port
			Files.delete(this.folder.resolve("redis.pid"));

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

	private Orphan orphan(Path pidFile, String program, Path inCommand) {
		return new Orphan(this.folder.resolve("process"), pidFile, program, inCommand);
	}

	private static void signal(String name, Process process) throws Exception {
		assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor()).isZero();
	}

}
