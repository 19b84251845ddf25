package io.sitestream;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.springframework.util.function.SingletonSupplier;

/**
 * The jar that the build has made, as the image runs it where the JDK can: extracted and
 * with an AOT cache by {@code infra/aot.sh}, which takes almost half of the CPU time from
 * each start; else as it is.
 *
 * @param folder where the process has to be started: a cache is for the class path as it
 * was when it was made
 * @param arguments what the JVM is told
 */
record ApplicationJar(Path folder, List<String> arguments) {

	private static final int FIRST_WITH_CACHE = 25;

	private static final Supplier<Optional<ApplicationJar>> BUILT = SingletonSupplier
		.of(() -> Optional.of(System.getProperty("sitestream.test.jar", ""))
			.map(File::new)
			.filter(File::isFile)
			.map((jar) -> (Runtime.version().feature() >= FIRST_WITH_CACHE) ? cached(jar) : plain(jar)));

	/**
	 * Looks for the jar; makes the cache at the first call.
	 * @return the jar, unless the build has not come to it
	 */
	static Optional<ApplicationJar> built() {
		return BUILT.get();
	}

	private static ApplicationJar plain(File jar) {
		return new ApplicationJar(Path.of("").toAbsolutePath(), List.of("-jar", jar.getAbsolutePath()));
	}

	private static ApplicationJar cached(File jar) {
		Path folder = Path.of("target", "test-aot").toAbsolutePath();
		try {
			Path log = Files.createDirectories(Path.of("target", "process-logs")).resolve("aot.log");
			ProcessBuilder builder = new ProcessBuilder("bash", "infra/aot.sh", jar.getAbsolutePath(),
					folder.toString())
				.redirectErrorStream(true)
				.redirectOutput(log.toFile());
			builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
			Process process = builder.start();
			if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
				process.destroyForcibly();
				throw new IllegalStateException(
						"infra/aot.sh did not make %s: %s".formatted(folder, Files.readString(log)));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		return new ApplicationJar(folder, List.of("-XX:AOTCache=sitestream.aot", "-jar", jar.getName()));
	}

}
