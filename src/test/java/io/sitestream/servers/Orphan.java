package io.sitestream.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A server that goes on although the process which started it was killed. It is known by
 * the id it recorded and ended only if that id still belongs to the same program on the
 * same folder: ids are used again.
 */
final class Orphan {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final Path pidFile;

	private final String program;

	private final Path folder;

	/**
	 * Looks for an orphan.
	 * @param pidFile has the id in its first line; may be absent
	 * @param program what the command line must contain
	 * @param folder what the command line must contain besides
	 */
	Orphan(Path pidFile, String program, Path folder) {
		this.pidFile = pidFile;
		this.program = program;
		this.folder = folder;
	}

	/**
	 * Ends the orphan, if there is one, and waits until it has ended: kindly, and by
	 * force after ten seconds.
	 * @return whether there was one
	 */
	boolean end() {
		Optional<ProcessHandle> found = find();
		found.ifPresent((process) -> {
			process.destroy();
			if (!hasEnded(process)) {
				process.destroyForcibly();
				hasEnded(process);
			}
		});
		return found.isPresent();
	}

	private Optional<ProcessHandle> find() {
		return recordedId().flatMap(ProcessHandle::of).filter(this::isOurs);
	}

	private boolean isOurs(ProcessHandle process) {
		String command = commandLine(process);
		return command.contains(this.program) && command.contains(this.folder.toString());
	}

	private Optional<Long> recordedId() {
		try (var lines = Files.lines(this.pidFile)) {
			return lines.findFirst().map(String::trim).filter((line) -> line.matches("\\d{1,18}")).map(Long::valueOf);
		}
		catch (IOException | UncheckedIOException ex) {
			return Optional.empty();
		}
	}

	private static String commandLine(ProcessHandle process) {
		try {
			return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"),
					StandardCharsets.ISO_8859_1);
		}
		catch (IOException ex) {
			return process.info().commandLine().orElse("");
		}
	}

	/**
	 * Waits for the end. What has ended and is only kept until somebody asks how has no
	 * command line any more.
	 */
	private boolean hasEnded(ProcessHandle process) {
		long end = System.nanoTime() + PATIENCE.toNanos();
		while (process.isAlive() && isOurs(process)) {
			if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
				return false;
			}
			LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
		}
		return true;
	}

}
