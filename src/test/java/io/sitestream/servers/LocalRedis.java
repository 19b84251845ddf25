package io.sitestream.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/**
 * Redis as a child process. What it acknowledged is in its append-only file, so a stop
 * loses nothing and a kill at most the last second.
 */
public final class LocalRedis implements LocalServer {

	private static final Duration LONGEST_START = Duration.ofSeconds(30);

	private static final Path SETSID = Path.of("/usr/bin/setsid");

	private final Path folder;

	private final int port;

	private final List<String> settings;

	private @Nullable Process process;

	/**
	 * Describes a server.
	 * @param folder where it keeps its data
	 * @param port where it answers
	 * @param settings further settings, names and values in turn, as
	 * {@code --cluster-enabled yes}
	 */
	public LocalRedis(Path folder, int port, String... settings) {
		this.folder = folder.toAbsolutePath();
		this.port = port;
		this.settings = List.of(settings);
	}

	@Override
	public void start() {
		if (isRunning()) {
			return;
		}
		try {
			Files.createDirectories(this.folder);
			endOrphan();
			Process started = new ProcessBuilder(command()).directory(this.folder.toFile())
				.redirectErrorStream(true)
				.redirectOutput(this.folder.resolve("redis.log").toFile())
				.start();
			this.process = started;
			orphan().record(started.pid());
			awaitAnswer(started);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Redis cannot start on port %d.".formatted(this.port), ex);
		}
	}

	@Override
	public void stop() {
		end(false);
	}

	/**
	 * Ends the server as a crash does.
	 */
	public void kill() {
		end(true);
	}

	/**
	 * What the server would know after a restart at this moment.
	 * @return the contents of its file
	 */
	public byte[] contents() {
		try {
			return Files.readAllBytes(file());
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot read " + file(), ex);
		}
	}

	/**
	 * Ends the server as a crash does, and starts it with other contents.
	 * @param contents former contents, or nothing at all
	 */
	public void restartWith(byte[] contents) {
		kill();
		try {
			Files.write(file(), contents);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot write " + file(), ex);
		}
		start();
	}

	@Override
	public boolean isRunning() {
		return this.process != null && this.process.isAlive();
	}

	@Override
	public int port() {
		return this.port;
	}

	/**
	 * Ends the server that a killed process has left on this folder.
	 * @return whether there was one
	 */
	public boolean endOrphan() {
		return orphan().end();
	}

	private Orphan orphan() {
		return new Orphan(this.folder.resolve("process"), this.folder.resolve("redis.pid"), "redis-server",
				this.folder);
	}

	private Path file() {
		return this.folder.resolve("appendonly.aof");
	}

	private List<String> command() throws IOException {
		List<String> command = new ArrayList<>();
		if (Files.isExecutable(SETSID)) {
			// Ctrl-C reaches every process of the terminal's session: Redis shall outlive
			// its clients
			command.add(SETSID.toString());
		}
		command.add(ExecutableProvider.newJarResourceProvider(this.folder.toFile()).get().getAbsolutePath());
		Collections.addAll(command, "--port", Integer.toString(this.port), "--bind", "127.0.0.1", "--dir",
				this.folder.toString(), "--pidfile", this.folder.resolve("redis.pid").toString(), "--appendonly", "yes",
				"--appendfsync", "everysec", "--save", "", "--maxmemory-policy", "noeviction");
		command.addAll(this.settings);
		return command;
	}

	private void awaitAnswer(Process started) throws IOException {
		long end = System.nanoTime() + LONGEST_START.toNanos();
		String answer = ping();
		while (!answer.equals("+PONG") && !answer.equals("-NOAU")) {
			if (answer.equals("-LOAD")) {
				// it reads a big file, and says so
				end = System.nanoTime() + LONGEST_START.toNanos();
			}
			if (!started.isAlive() || System.nanoTime() > end) {
				started.destroyForcibly();
				throw new IOException(Files.readString(this.folder.resolve("redis.log")).strip());
			}
			waitFor(started, 20, TimeUnit.MILLISECONDS);
			answer = ping();
		}
	}

	/** The first five characters of the answer, or none. */
	private String ping() {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(1000);
			socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII);
		}
		catch (IOException ex) {
			return "";
		}
	}

	private void end(boolean forcibly) {
		Process running = this.process;
		if (running == null) {
			return;
		}
		if (!forcibly) {
			running.destroy();
		}
		if (forcibly || !waitFor(running, 10, TimeUnit.SECONDS)) {
			running.destroyForcibly();
			waitFor(running, 10, TimeUnit.SECONDS);
		}
		this.process = null;
	}

	private static boolean waitFor(Process process, long time, TimeUnit unit) {
		try {
			return process.waitFor(time, unit);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
