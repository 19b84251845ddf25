package io.sitestream.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A server that goes on although the process which started it was killed. It is known by
 * its id and its beginning, which were recorded when it had started, or by the id that it
 * recorded itself if that still belongs to the same program on the same folder: ids are
 * used again.
 */
final class Orphan {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final Path record;

	private final Path pidFile;

	private final String program;

	private final Path folder;

	/**
	 * Looks for an orphan.
	 * @param record where {@link #record} records; may be absent
	 * @param pidFile has the id in its first line; may be absent, as it is when the
	 * server has begun to end
	 * @param program what the command line must contain
	 * @param folder what the command line must contain besides
	 */
	Orphan(Path record, Path pidFile, String program, Path folder) {
		this.record = record;
		this.pidFile = pidFile;
		this.program = program;
		this.folder = folder;
	}

	/**
	 * Records the process that has just started.
	 * @param pid its id
	 */
	void record(long pid) {
		try {
			Files.writeString(this.record, RecordedProcess.of(pid).line());
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot write " + this.record, ex);
		}
	}

	/**
	 * Records the process that the server's own file names.
	 */
	void recordFromPidFile() {
		pidOfServer().ifPresent(this::record);
	}

	/**
	 * Ends the orphan, if there is one, and waits until it and its children have ended
	 * and so have given back what they had: kindly, and by force after ten seconds.
	 * @return whether there was one
	 * @throws LocalRunRefusedException if it is still there after 30 s
	 */
	boolean end() {
		RecordedProcess found = find().orElse(null);
		if (found == null) {
			return false;
		}
		List<RecordedProcess> all = Stream
			.concat(Stream.of(found.pid()),
					ProcessHandle.of(found.pid()).stream().flatMap(ProcessHandle::descendants).map(ProcessHandle::pid))
			.map(RecordedProcess::of)
			.toList();
		signal(found, false);
		if (haveEnded(all, Duration.ofSeconds(1))) {
			return true;
		}
		FolderLock.say("%s of the development run before".formatted(this.program), found);
		if (!haveEnded(all, PATIENCE)) {
			signal(found, true);
			if (!haveEnded(all, FolderLock.LONGEST_END.minus(PATIENCE))) {
				throw new LocalRunRefusedException(
						"%s of the development run before (process %d) has not ended within %d s: end it, or choose another folder with sitestream.dev.folder."
							.formatted(this.program, found.pid(), FolderLock.LONGEST_END.toSeconds()));
			}
		}
		return true;
	}

	/** What has no command line any more is just ending. */
	private Optional<RecordedProcess> find() {
		return RecordedProcess.read(this.record)
			.filter((process) -> process.isThere() && (process.isEnding() || isOurs(process.commandLine())))
			.or(() -> pidOfServer().map(RecordedProcess::of)
				.filter((process) -> process.isThere() && isOurs(process.commandLine())));
	}

	private boolean isOurs(String command) {
		return command.contains(this.program) && command.contains(this.folder.toString());
	}

	private Optional<Long> pidOfServer() {
		try (var lines = Files.lines(this.pidFile)) {
			return lines.findFirst().map(String::trim).filter((line) -> line.matches("\\d{1,18}")).map(Long::valueOf);
		}
		catch (IOException | UncheckedIOException ex) {
			return Optional.empty();
		}
	}

	private static void signal(RecordedProcess process, boolean forcibly) {
		if (process.isThere()) {
			ProcessHandle.of(process.pid()).ifPresent((handle) -> {
				if (forcibly) {
					handle.destroyForcibly();
				}
				else {
					handle.destroy();
				}
			});
		}
	}

	private static boolean haveEnded(List<RecordedProcess> processes, Duration patience) {
		long end = System.nanoTime() + patience.toNanos();
		while (processes.stream().anyMatch(RecordedProcess::isThere)) {
			if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
				return false;
			}
			LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
		}
		return true;
	}

}
