package io.sitestream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.sitestream.servers.LocalKafka;
import io.sitestream.servers.LocalPostgres;
import io.sitestream.servers.LocalRedis;
import io.sitestream.servers.LocalServer;
import io.sitestream.servers.Ports;

import org.springframework.util.FileSystemUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * The servers of this test JVM: one set for all tests, each started when it is first
 * asked for, all stopped and forgotten when the JVM ends. A test that stops a server
 * takes a separate one, since the shared ones belong to everybody.
 */
public final class TestServers {

	private static final Path ROOT = Path.of("target", "test-servers").toAbsolutePath();

	private static final Path FOLDER = ROOT.resolve(Long.toString(ProcessHandle.current().pid()));

	private static final AtomicInteger COUNT = new AtomicInteger();

	private static final Deque<LocalServer> STARTED = new ArrayDeque<>();

	private static final Supplier<LocalKafka> KAFKA = SingletonSupplier.of(TestServers::separateKafka);

	private static final Supplier<LocalRedis> REDIS = SingletonSupplier.of(() -> separateRedis());

	private static final Supplier<LocalPostgres> POSTGRES = SingletonSupplier.of(TestServers::separatePostgres);

	static {
		forgetKilledRuns();
		Runtime.getRuntime().addShutdownHook(new Thread(TestServers::stopAll, "test-servers"));
	}

	private TestServers() {
	}

	public static LocalKafka kafka() {
		return KAFKA.get();
	}

	public static LocalRedis redis() {
		return REDIS.get();
	}

	public static LocalPostgres postgres() {
		return POSTGRES.get();
	}

	/**
	 * Starts a broker for one test, which may stop and start it; closing it early saves
	 * memory.
	 * @return a running broker without topics
	 */
	public static LocalKafka separateKafka() {
		return start("kafka", LocalKafka::new);
	}

	public static LocalKafka separateKafka(Map<String, String> settings) {
		return start("kafka", (folder, port) -> new LocalKafka(folder, port, settings));
	}

	/**
	 * Starts a Redis for one test.
	 * @param settings settings besides those that every server has, names and values in
	 * turn, as {@code --cluster-enabled yes}
	 * @return a running Redis without keys
	 */
	public static LocalRedis separateRedis(String... settings) {
		return start("redis", (folder, port) -> new LocalRedis(folder, port, settings));
	}

	public static LocalPostgres separatePostgres() {
		return start("postgres", LocalPostgres::new);
	}

	public static LocalPostgres separatePostgres(Map<String, String> settings) {
		return start("postgres", (folder, port) -> new LocalPostgres(folder, port, settings));
	}

	private static <S extends LocalServer> S start(String name, BiFunction<Path, Integer, S> server) {
		S started = server.apply(FOLDER.resolve(name + "-" + COUNT.incrementAndGet()), Ports.free());
		synchronized (STARTED) {
			STARTED.push(started);
		}
		started.start();
		return started;
	}

	private static void stopAll() {
		synchronized (STARTED) {
			STARTED.forEach(LocalServer::stop);
		}
		delete(FOLDER);
	}

	private static void forgetKilledRuns() {
		for (Path run : children(ROOT)) {
			boolean alive = ProcessHandle.of(Long.parseLong(run.getFileName().toString())).isPresent();
			if (!alive || run.equals(FOLDER)) {
				children(run).forEach(TestServers::endOrphan);
				delete(run);
			}
		}
	}

	private static void endOrphan(Path folder) {
		new LocalRedis(folder, 0).endOrphan();
		new LocalPostgres(folder, 0).endOrphan();
	}

	private static List<Path> children(Path folder) {
		if (!Files.isDirectory(folder)) {
			return List.of();
		}
		try (Stream<Path> found = Files.list(folder)) {
			return found.filter(Files::isDirectory).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot list " + folder, ex);
		}
	}

	private static void delete(Path folder) {
		try {
			FileSystemUtils.deleteRecursively(folder);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot delete " + folder, ex);
		}
	}

}
