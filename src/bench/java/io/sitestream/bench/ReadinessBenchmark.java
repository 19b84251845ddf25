package io.sitestream.bench;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.sitestream.TestSpace;
import io.sitestream.servers.Ports;

/**
 * What it costs until a process says that it is ready, with its servers there and its
 * topics made: seconds by the clock, seconds of CPU and memory, for all modules and for
 * one function; from the jar, from the extracted jar, and with the AOT cache that
 * {@code infra/aot.sh target/sitestream.jar target/aot} makes. The ways are taken in
 * turn; medians are told, and CPU as a ratio to the jar's.
 */
final class ReadinessBenchmark {

	private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);

	private static final Duration LONGEST = Duration.ofMinutes(3);

	private static final Path JAR = Path.of("target", "sitestream.jar");

	private static final Path EXTRACTED = Path.of("target", "aot");

	private final TestSpace space = TestSpace.of();

	private final Map<String, List<Start>> starts = new LinkedHashMap<>();

	private ReadinessBenchmark() {
	}

	public static void main(String[] args) throws Exception {
		for (Path needed : List.of(JAR, EXTRACTED.resolve("sitestream.aot"))) {
			if (!Files.exists(needed)) {
				System.err.printf("%s is missing: expected what ./mvnw verify and infra/aot.sh %s %s make.%n", needed,
						JAR, EXTRACTED);
				System.exit(2);
			}
		}
		new ReadinessBenchmark().run();
		// clients' threads would keep the process alive
		System.exit(0);
	}

	private void run() throws Exception {
		// topics and tables are made once, and not measured
		start(List.of("-jar", JAR.toAbsolutePath().toString()), Path.of("."), "*");
		for (int round = 0; round < ROUNDS; round++) {
			for (String modules : List.of("*", "appswriter")) {
				String what = modules.equals("*") ? "all modules" : modules;
				note(what + ", jar", start(List.of("-jar", JAR.toAbsolutePath().toString()), Path.of("."), modules));
				note(what + ", extracted", start(List.of("-jar", "sitestream.jar"), EXTRACTED, modules));
				note(what + ", AOT cache", start(List.of("-XX:AOTCache=sitestream.aot", "-jar", "sitestream.jar"),
						EXTRACTED, modules));
			}
		}
		report();
	}

	private Start start(List<String> way, Path directory, String modules) throws IOException, InterruptedException {
		int port = Ports.free();
		List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx512m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
		command.addAll(way);
		command.add("--server.port=" + port);
		command.add("--sitestream.modules=" + modules);
		this.space.properties().forEach((name, value) -> command.add("--%s=%s".formatted(name, value)));
		Path log = Files.createTempFile("readiness", ".log");
		long begin = System.nanoTime();
		Process process = new ProcessBuilder(command).directory(directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		try {
			while (!isReady(port)) {
				if (!process.isAlive() || System.nanoTime() - begin > LONGEST.toNanos()) {
					throw new IllegalStateException("It does not become ready:%n%s".formatted(Files.readString(log)));
				}
				LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
			}
			double wall = (System.nanoTime() - begin) / 1e9;
			double cpu = process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
			return new Start(wall, cpu, residentMegabytes(process));
		}
		finally {
			process.destroy();
			if (!process.waitFor(60, TimeUnit.SECONDS)) {
				process.destroyForcibly().waitFor();
			}
			Files.delete(log);
		}
	}

	private static boolean isReady(int port) {
		try {
			HttpURLConnection connection = (HttpURLConnection) URI
				.create("http://127.0.0.1:%d/actuator/health/readiness".formatted(port))
				.toURL()
				.openConnection();
			connection.setConnectTimeout(1_000);
			connection.setReadTimeout(5_000);
			return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** As Linux has it; 0 elsewhere. */
	private static double residentMegabytes(Process process) throws IOException {
		Path status = Path.of("/proc", Long.toString(process.pid()), "status");
		if (!Files.exists(status)) {
			return 0;
		}
		return Files.readAllLines(status)
			.stream()
			.filter((line) -> line.startsWith("VmRSS:"))
			.mapToDouble((line) -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
			.findFirst()
			.orElse(0);
	}

	private void note(String what, Start start) {
		this.starts.computeIfAbsent(what, (name) -> new ArrayList<>()).add(start);
		System.out.printf("%-25s %6.1f s %6.1f s of CPU %6.0f MB%n", what, start.wall(), start.cpu(), start.memory());
	}

	private void report() {
		System.out.printf("%nuntil readiness, median of %d%n%-25s %8s %8s %8s %8s%n", ROUNDS, "", "seconds", "CPU",
				"of jar's", "MB");
		double jar = 0;
		for (Map.Entry<String, List<Start>> way : this.starts.entrySet()) {
			List<Start> all = way.getValue();
			double cpu = all.stream().mapToDouble(Start::cpu).sorted().skip(all.size() / 2).findFirst().orElseThrow();
			double wall = all.stream().mapToDouble(Start::wall).sorted().skip(all.size() / 2).findFirst().orElseThrow();
			double memory = all.stream()
				.mapToDouble(Start::memory)
				.sorted()
				.skip(all.size() / 2)
				.findFirst()
				.orElseThrow();
			jar = way.getKey().endsWith(", jar") ? cpu : jar;
			System.out.printf("%-25s %8.1f %8.1f %7.0f%% %8.0f%n", way.getKey(), wall, cpu, 100 * cpu / jar, memory);
		}
	}

	/**
	 * A start.
	 *
	 * @param wall seconds by the clock
	 * @param cpu seconds of CPU
	 * @param memory megabytes that are resident
	 */
	private record Start(double wall, double cpu, double memory) {

	}

}
