package io.sitestream.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * The right to use a folder, which ends with the process. It names its process, and says
 * when that has begun to end: who comes then waits.
 */
final class FolderLock {

	static final Duration LONGEST_END = Duration.ofSeconds(30);

	/** What a process that was told to end needs to say so. */
	private static final Duration GRACE = Duration.ofSeconds(2);

	private static final String ENDING = "ending";

	private final Path folder;

	/** The only one on this file: closing another one would end the lock. */
	private final FileChannel channel;

	private FolderLock(Path folder, FileChannel channel) {
		this.folder = folder;
		this.channel = channel;
	}

	/**
	 * Takes the folder, if necessary when the run before has ended.
	 * @param folder the folder
	 * @return the lock
	 * @throws IOException if the folder cannot be used
	 * @throws LocalRunRefusedException if another run uses the folder and goes on, or has
	 * not ended within 30 s
	 */
	static FolderLock take(Path folder) throws IOException {
		Files.createDirectories(folder);
		FolderLock lock = new FolderLock(folder, FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE,
				StandardOpenOption.READ, StandardOpenOption.WRITE));
		lock.await();
		lock.write(RecordedProcess.of(ProcessHandle.current().pid()).line(), 0);
		Runtime.getRuntime().addShutdownHook(new Thread(lock::end, "folder-lock"));
		return lock;
	}

	private void await() throws IOException {
		long begin = System.nanoTime();
		boolean locked = false;
		@Nullable RecordedProcess ending = null;
		while (true) {
			locked = locked || this.channel.tryLock() != null;
			RecordedProcess before = before().orElse(null);
			if (locked && (before == null || !before.isThere())) {
				return;
			}
			if (before != null && !before.equals(ending) && (locked || isEnding(before))) {
				ending = before;
				say("the development run before", before);
			}
			boolean ends = before != null && before.equals(ending);
			Duration patience = ends ? LONGEST_END : GRACE;
			if (before == null || System.nanoTime() - begin > patience.toNanos()) {
				throw refused(before, ends);
			}
			LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
		}
	}

	private boolean isEnding(RecordedProcess before) throws IOException {
		return before.isEnding() || !before.isThere() || content().contains(ENDING);
	}

	static void say(String what, RecordedProcess process) {
		System.out.printf("Waits up to %d s until %s (process %d) has ended.%n", LONGEST_END.toSeconds(), what,
				process.pid());
	}

	private LocalRunRefusedException refused(@Nullable RecordedProcess before, boolean ends) {
		return new LocalRunRefusedException(
				"Another development run%s uses %s%s: end it, or choose another folder with sitestream.dev.folder."
					.formatted((before != null) ? " (process %d)".formatted(before.pid()) : "", this.folder,
							ends ? " and has not ended within %d s".formatted(LONGEST_END.toSeconds()) : ""));
	}

	private Optional<RecordedProcess> before() throws IOException {
		return content().lines()
			.findFirst()
			.flatMap(RecordedProcess::parse)
			.filter((process) -> process.pid() != ProcessHandle.current().pid());
	}

	private String content() throws IOException {
		ByteBuffer bytes = ByteBuffer.allocate(200);
		this.channel.read(bytes, 0);
		return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
	}

	private void write(String line, long position) throws IOException {
		this.channel.truncate(position);
		this.channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII)), position);
	}

	private void end() {
		try {
			write(ENDING, this.channel.size());
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot write " + this.folder.resolve("lock"), ex);
		}
	}

}
