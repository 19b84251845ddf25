package io.sitestream.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process that is known by its id and its beginning, since ids are used again.
 *
 * @param pid its id
 * @param start when it began: clock ticks since the machine did, or where there is no
 * {@code /proc}, milliseconds of the epoch
 */
record RecordedProcess(long pid, String start) {

	private static final Pattern LINE = Pattern.compile("(\\d{1,18}) (\\d{1,30})");

	/** SIGKILL and SIGTERM in a mask of signals. */
	private static final long ENDS = 1L << 8 | 1L << 14;

	/**
	 * Reads what {@link #line} has written.
	 * @param line a line
	 * @return the process, or nothing if the line names none
	 */
	static Optional<RecordedProcess> parse(String line) {
		Matcher matcher = LINE.matcher(line.strip());
		return matcher.matches() ? Optional.of(new RecordedProcess(Long.parseLong(matcher.group(1)), matcher.group(2)))
				: Optional.empty();
	}

	static Optional<RecordedProcess> read(Path file) {
		try {
			return parse(Files.readString(file));
		}
		catch (IOException | UncheckedIOException ex) {
			return Optional.empty();
		}
	}

	static RecordedProcess of(long pid) {
		return new RecordedProcess(pid, start(pid));
	}

	String line() {
		return "%d %s".formatted(this.pid, this.start);
	}

	/**
	 * Whether it has not ended yet. One that has, and is only kept until somebody asks
	 * how, has closed its ports and files.
	 * @return whether it is there
	 */
	boolean isThere() {
		if (!ProcessHandle.of(this.pid).map(ProcessHandle::isAlive).orElse(false)
				|| !start(this.pid).equals(this.start)) {
			return false;
		}
		String[] stat = stat(this.pid);
		// its first thread may have ended before the others
		return stat.length == 0 || !(stat[0].equals("Z") || stat[0].equals("X")) || Integer.parseInt(stat[17]) > 1;
	}

	/**
	 * Whether somebody has told it to end and it has not come to that, because it is
	 * stopped or slow, or is just ending.
	 * @return whether it will end
	 */
	boolean isEnding() {
		return isThere() && Files.exists(Path.of("/proc/self/stat")) && (commandLine().isEmpty() || isToldToEnd());
	}

	String commandLine() {
		String command = proc(this.pid, "cmdline");
		return !command.isEmpty() ? command
				: ProcessHandle.of(this.pid).flatMap((process) -> process.info().commandLine()).orElse("");
	}

	private boolean isToldToEnd() {
		return proc(this.pid, "status").lines()
			.filter((line) -> line.startsWith("SigPnd:") || line.startsWith("ShdPnd:"))
			.anyMatch((line) -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & ENDS) != 0);
	}

	private static String start(long pid) {
		String[] stat = stat(pid);
		return (stat.length > 19) ? stat[19]
				: ProcessHandle.of(pid)
					.flatMap((process) -> process.info().startInstant())
					.map((instant) -> Long.toString(instant.toEpochMilli()))
					.orElse("0");
	}

	/** From the third field on: the second, the name, may contain anything. */
	private static String[] stat(long pid) {
		String stat = proc(pid, "stat");
		return stat.isEmpty() ? new String[0] : stat.substring(stat.lastIndexOf(')') + 2).split(" ");
	}

	private static String proc(long pid, String file) {
		try {
			return Files.readString(Path.of("/proc", Long.toString(pid), file), StandardCharsets.ISO_8859_1);
		}
		catch (IOException ex) {
			return "";
		}
	}

}
