package io.sitestream;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import io.sitestream.servers.Ports;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class LocalApplicationProcessTests {

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	@TempDir
	Path folder;

	private final Map<String, Integer> ports = new LinkedHashMap<>();

	@BeforeEach
	void choosePorts() {
		for (String server : new String[] { "kafka", "redis", "postgres" }) {
			this.ports.put("sitestream.dev.%s-port".formatted(server), Ports.free());
		}
	}

	@Test
	void keepsWhatItTookOverAKillWaitsForARunThatEndsAndLeavesNothingBehind() throws IOException {
		String site = """
				{"siteId":"bakery","ownerId":"ada","name":"Bakery"}""";
		try (SitestreamProcess killed = local().start()) {
			assertThat(killed.output()).contains("PostgreSQL  127.0.0.1:" + port("postgres"))
				.contains("curl -i http://127.0.0.1:" + killed.port());
			assertThat(new ApiClient(killed.port()).post("/api/sites", site).status()).isEqualTo(201);
			killed.kill9();
		}
		assertThat(Ports.isFree(port("redis"))).as("Redis outlives a killed run").isFalse();

		try (SitestreamProcess next = local().start()) {
			assertThat(new ApiClient(next.port()).get("/api/sites/bakery").status()).isEqualTo(200);
			refusesASecondRun(next);

			ProcessHandle postgres = hold(next);
			try (SitestreamProcess fresh = local().with("sitestream.dev.fresh", "true").modules("site").launch()) {
				await().atMost(PATIENCE)
					.until(() -> fresh.output()
						.contains("Waits up to 30 s until the development run before (process %d) has ended.%n"
							.formatted(next.pid())));
				signal("CONT", postgres.pid());
				next.sigcont();
				assertThat(next.awaitExit()).isEqualTo(143);

				fresh.awaitReady();
				assertThat(new ApiClient(fresh.port()).get("/api/sites/bakery").status()).isEqualTo(404);
				assertThat(Ports.isFree(port("redis"))).as("all servers are hosted").isFalse();
				assertThat(fresh.terminate()).isEqualTo(143);
			}
			finally {
				postgres.destroyForcibly();
			}
		}
		assertThat(this.ports.values()).allMatch(Ports::isFree);
	}

	private void refusesASecondRun(SitestreamProcess running) {
		try (SitestreamProcess refused = local().launch()) {
			assertThat(refused.awaitExit()).isEqualTo(1);
			assertThat(refused.output()).isEqualTo(
					"Another development run (process %d) uses %s: end it, or choose another folder with sitestream.dev.folder.%n"
						.formatted(running.pid(), this.folder));
		}
		assertThat(new ApiClient(running.port()).get("/api/sites/bakery").status()).isEqualTo(200);
	}

	/**
	 * Tells a run to end, and stops it on the way, as a slow machine does.
	 */
	private ProcessHandle hold(SitestreamProcess run) throws IOException {
		ProcessHandle postgres = ProcessHandle
			.of(Long.parseLong(Files.readAllLines(this.folder.resolve("postgres/data/postmaster.pid")).getFirst()))
			.orElseThrow();
		signal("STOP", postgres.pid());
		ProcessHandle.of(run.pid()).orElseThrow().destroy();
		await().atMost(PATIENCE).until(() -> Files.readString(this.folder.resolve("lock")).contains("ending"));
		run.sigstop();
		assertThat(run.isAlive()).isTrue();
		return postgres;
	}

	private static void signal(String name, long pid) throws IOException {
		assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().onExit().join().exitValue())
			.isZero();
	}

	@Test
	void saysWhichPortIsTaken() throws IOException {
		try (ServerSocket ignored = new ServerSocket(port("redis")); SitestreamProcess refused = local().launch()) {
			assertThat(refused.awaitExit()).isEqualTo(1);
			assertThat(refused.output()).isEqualTo(
					"Port %d, which Redis needs, is taken: end what listens there, or choose another port with sitestream.dev.redis-port.%n"
						.formatted(port("redis")));
		}
	}

	@Test
	void saysThatContainersNeedAnEngine() {
		try (SitestreamProcess refused = local().with("sitestream.dev.services", "containers")
			.withVariable("DOCKER_HOST", "tcp://127.0.0.1:" + Ports.free())
			.launch()) {
			assertThat(refused.awaitExit()).isEqualTo(1);
			assertThat(refused.output()).isEqualTo(
					"sitestream.dev.services is 'containers', but no Docker engine answers: start one, or leave the property out to run embedded servers.%n"
						.formatted());
		}
	}

	@Test
	void saysWhatAServiceCanBe() {
		try (SitestreamProcess refused = local().with("sitestream.dev.services", "cloud").launch()) {
			assertThat(refused.awaitExit()).isEqualTo(1);
			assertThat(refused.output())
				.isEqualTo("sitestream.dev.services is 'cloud'. Allowed are: embedded, containers.%n".formatted());
		}
	}

	private SitestreamProcess.Description local() {
		SitestreamProcess.Description run = SitestreamProcess.alone()
			.named("local")
			.local()
			.with("sitestream.dev.folder", this.folder.toString());
		this.ports.forEach((name, port) -> run.with(name, Integer.toString(port)));
		return run;
	}

	private int port(String server) {
		return this.ports.getOrDefault("sitestream.dev.%s-port".formatted(server), 0);
	}

}
