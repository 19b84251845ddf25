package io.sitestream.mirrors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.kafka.connect.mirror.MirrorMaker;
import org.jspecify.annotations.Nullable;

/**
 * The link between two data centres: MirrorMaker 2 as a process of its own, with the
 * configuration that operators get. It can be killed and started again, and remembers in
 * Kafka alone.
 */
final class Mirror implements AutoCloseable {

	private static final Path CONFIGURATION = Path.of("infra", "mirrormaker", "mm2.properties");

	private static final AtomicInteger COUNT = new AtomicInteger();

	private final ProcessBuilder command;

	private @Nullable Process process;

	/**
	 * Describes a link.
	 * @param a the data centre that the configuration calls A
	 * @param b the one that it calls B
	 * @param overrides lines that win over those of the configuration
	 */
	Mirror(DataCentre a, DataCentre b, String... overrides) {
		try {
			Path logs = Files.createDirectories(Path.of("target", "process-logs"));
			String name = "mirror-%d-%d".formatted(ProcessHandle.current().pid(), COUNT.incrementAndGet());
			Path configuration = logs.resolve(name + ".properties");
			Files.copy(CONFIGURATION, configuration);
			Files.write(configuration, List.of(overrides), StandardOpenOption.APPEND);
			this.command = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-cp",
					System.getProperty("java.class.path"), MirrorMaker.class.getName(), configuration.toString())
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(logs.resolve(name + ".log").toFile()));
			this.command.environment().put("A_BOOTSTRAP_SERVERS", a.brokers());
			this.command.environment().put("B_BOOTSTRAP_SERVERS", b.brokers());
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot configure a mirror.", ex);
		}
	}

	/**
	 * Starts the process without waiting until it mirrors.
	 * @return this
	 */
	Mirror start() {
		try {
			this.process = this.command.start();
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot start a mirror.", ex);
		}
	}

	/** Cuts the link in the middle of whatever it was doing. */
	void kill9() {
		Process running = this.process;
		if (running != null) {
			running.destroyForcibly().onExit().join();
			this.process = null;
		}
	}

	@Override
	public void close() {
		kill9();
	}

}
