package io.sitestream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.sitestream.servers.Ports;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The application as a process of its own that can be killed, stopped and woken up: the
 * jar when the build has made it, else the classes of this JVM. It ends with this JVM at
 * the latest.
 */
public final class SitestreamProcess implements AutoCloseable {

	private static final Duration LONGEST_START = Duration.ofSeconds(300);

	private static final AtomicInteger COUNT = new AtomicInteger();

	private static final Set<Process> STARTED = ConcurrentHashMap.newKeySet();

	static {
		Runtime.getRuntime()
			.addShutdownHook(new Thread(() -> STARTED.forEach(Process::destroyForcibly), "sitestream-processes"));
	}

	private final Process process;

	private final int port;

	private final Path log;

	private SitestreamProcess(Process process, int port, Path log) {
		this.process = process;
		this.port = port;
		this.log = log;
	}

	/**
	 * Describes a process in a space.
	 * @param space where it lives; several processes in a space are one system
	 * @return a description that runs all modules
	 */
	public static Description in(TestSpace space) {
		return new Description(space.properties());
	}

	/**
	 * Describes a process that is told nothing but what the test says.
	 * @return a description without servers
	 */
	public static Description alone() {
		return new Description(Map.of());
	}

	public URI uri(String path) {
		return URI.create("http://127.0.0.1:" + this.port + path);
	}

	public int port() {
		return this.port;
	}

	public long pid() {
		return this.process.pid();
	}

	public boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Returns what the process has written so far to its output.
	 * @return all lines
	 */
	public String output() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public SitestreamProcess awaitReady() {
		await("readiness, see " + this.log).atMost(LONGEST_START).pollInterval(Duration.ofMillis(200)).until(() -> {
			assertThat(this.process.isAlive()).as("The process has ended: %s", output()).isTrue();
			return isReady();
		});
		return this;
	}

	/**
	 * Waits until the process ends by itself.
	 * @return its exit code
	 */
	public int awaitExit() {
		await("the end of the process, see " + this.log).atMost(LONGEST_START).until(() -> !this.process.isAlive());
		return this.process.exitValue();
	}

	public void kill9() {
		this.process.destroyForcibly();
		awaitExit();
	}

	/**
	 * Asks the process to end, as an orchestrator does, and waits for it.
	 * @return its exit code
	 */
	public int terminate() {
		this.process.destroy();
		return awaitExit();
	}

	/** Stops the process where it stands; its connections stay open. */
	public void sigstop() {
		signal("STOP");
	}

	public void sigcont() {
		signal("CONT");
	}

	@Override
	public void close() {
		if (this.process.isAlive()) {
			kill9();
		}
		STARTED.remove(this.process);
	}

	private boolean isReady() {
		HttpRequest request = HttpRequest.newBuilder(uri("/actuator/health/readiness"))
			.timeout(Duration.ofSeconds(5))
			.build();
		try (HttpClient client = HttpClient.newHttpClient()) {
			return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
		}
		catch (IOException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private void signal(String name) {
		try {
			Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
			assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
			assertThat(kill.exitValue()).isZero();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * What to start.
	 */
	public static final class Description {

		private final Map<String, String> properties;

		private final Map<String, String> environment = new LinkedHashMap<>();

		private String name = "sitestream";

		private String heap = "512m";

		private @Nullable Class<?> main;

		private Description(Map<String, String> properties) {
			this.properties = new LinkedHashMap<>(properties);
		}

		/**
		 * Names the process in the name of its log file and, within its space, as an
		 * instance.
		 * @param name part of a file name
		 * @return this
		 */
		public Description named(String name) {
			this.name = name;
			return this;
		}

		/**
		 * Runs the development run instead.
		 * @return this
		 */
		public Description local() {
			this.main = LocalApplication.class;
			return this;
		}

		/**
		 * Adds beans of a test, and so takes the classes of this JVM instead of the jar.
		 * @param configuration a configuration class
		 * @return this
		 */
		public Description adding(Class<?> configuration) {
			this.main = SitestreamApplication.class;
			return with("spring.main.sources", configuration.getName());
		}

		/**
		 * Bounds the heap.
		 * @param most as {@code 256m}
		 * @return this
		 */
		public Description heap(String most) {
			this.heap = most;
			return this;
		}

		public Description modules(String... modules) {
			return with("sitestream.modules", String.join(",", modules));
		}

		public Description with(String property, String value) {
			this.properties.put(property, value);
			return this;
		}

		public Description withVariable(String variable, String value) {
			this.environment.put(variable, value);
			return this;
		}

		public SitestreamProcess start() {
			return launch().awaitReady();
		}

		/**
		 * Starts the process without waiting for it.
		 * @return a process that may not be ready yet, or refuse to start
		 */
		public SitestreamProcess launch() {
			int port = Ports.free();
			this.properties.putIfAbsent("sitestream.instance-id", this.name);
			try {
				Path logs = Files.createDirectories(Path.of("target", "process-logs"));
				Path log = logs.resolve(
						"%s-%d-%d.log".formatted(this.name, ProcessHandle.current().pid(), COUNT.incrementAndGet()));
				ProcessBuilder builder = new ProcessBuilder(command(port)).redirectErrorStream(true)
					.redirectOutput(log.toFile());
				jar().ifPresent((jar) -> builder.directory(jar.folder().toFile()));
				builder.environment().putAll(this.environment);
				Process process = builder.start();
				STARTED.add(process);
				return new SitestreamProcess(process, port, log);
			}
			catch (IOException ex) {
				throw new UncheckedIOException("Cannot start a process.", ex);
			}
		}

		private Optional<ApplicationJar> jar() {
			return (this.main == null) ? ApplicationJar.built() : Optional.empty();
		}

		private List<String> command(int port) {
			List<String> command = new ArrayList<>(
					List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx" + this.heap,
							"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
			jar().ifPresentOrElse((jar) -> command.addAll(jar.arguments()), () -> {
				Class<?> main = (this.main != null) ? this.main : SitestreamApplication.class;
				command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
			});
			command.add("--server.port=" + port);
			command.add("--server.address=127.0.0.1");
			this.properties.forEach((name, value) -> command.add("--%s=%s".formatted(name, value)));
			return command;
		}

	}

}
