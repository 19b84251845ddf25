package io.sitestream.bench;

import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.sitestream.kvstore.KeyValueStore;
import io.sitestream.platform.RecordFormat;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/**
 * How long a store takes to load a topic, and what an entry costs in memory, beside a
 * consumer that puts bytes into a map, one that parses them, and KCache. The ways are
 * taken in turn; the medians are told. Settings are the system properties
 * {@code bench.places}, {@code bench.versions} and {@code bench.rounds}.
 */
public final class StartBenchmark {

	private static final int PLACES = Integer.getInteger("bench.places", 1_000_000);

	private static final int VERSIONS = Integer.getInteger("bench.versions", 1);

	private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);

	private final PlaceTopic topic = new PlaceTopic(PLACES, VERSIONS);

	private final PlaceTopic empty = new PlaceTopic(0, 0);

	private final Map<String, List<Double>> seconds = new LinkedHashMap<>();

	private final Map<String, Double> bytes = new LinkedHashMap<>();

	private final Path directory;

	private StartBenchmark(Path directory) {
		this.directory = directory;
	}

	public static void main(String[] args) throws IOException {
		Path directory = Files.createTempDirectory("bench-checkpoints");
		int exit = 1;
		try {
			StartBenchmark benchmark = new StartBenchmark(directory);
			for (int round = 0; round < ROUNDS; round++) {
				benchmark.round();
			}
			benchmark.report();
			exit = 0;
		}
		finally {
			FileSystemUtils.deleteRecursively(directory);
			// clients' threads would keep the process alive
			System.exit(exit);
		}
	}

	private void round() throws IOException {
		take("raw consumer, bytes into a HashMap", () -> {
			Map<ByteBuffer, byte[]> map = new HashMap<>();
			this.topic.read((record) -> map.put(ByteBuffer.wrap(record.key()), record.value()));
			return map;
		});
		take("raw consumer, JSON into a ConcurrentHashMap", () -> {
			RecordFormat format = new RecordFormat();
			Map<String, Place> map = new ConcurrentHashMap<>();
			this.topic.read((record) -> map.put(new String(record.key(), StandardCharsets.UTF_8),
					format.read(record.value(), Place.class)));
			return map;
		});
		take("KCache", this.topic::kcache);
		takeStore("store", Map.of());
		Map<String, String> keeping = Map.of("sitestream.kvstore.checkpoints.directory", this.directory.toString());
		Files.deleteIfExists(this.directory.resolve("places.checkpoint"));
		takeStore("store that keeps checkpoints, first start", keeping);
		takeStore("store from its checkpoint", keeping);
	}

	private void take(String way, Loading loading) throws IOException {
		long before = used();
		long begin = System.nanoTime();
		Object loaded = loading.load();
		note(way, Duration.ofNanos(System.nanoTime() - begin), used() - before);
		if (loaded instanceof Closeable closeable) {
			closeable.close();
		}
	}

	private void takeStore(String way, Map<String, String> properties) {
		long before;
		try (ConfigurableApplicationContext context = this.empty.store(Map.of())) {
			context.getBean(TimedReplay.class).loading();
			before = used();
		}
		try (ConfigurableApplicationContext context = this.topic.store(properties)) {
			Duration time = context.getBean(TimedReplay.class).loading();
			note(way, time, used() - before);
			int size = context.getBean("places", KeyValueStore.class).size();
			if (size != PLACES) {
				throw new IllegalStateException("The store has %d entries, expected %d.".formatted(size, PLACES));
			}
		}
	}

	private void note(String way, Duration time, long memory) {
		this.seconds.computeIfAbsent(way, (name) -> new ArrayList<>()).add(time.toNanos() / 1e9);
		this.bytes.put(way, (double) memory / PLACES);
		System.out.printf("%-45s %8.2f s%n", way, time.toNanos() / 1e9);
	}

	/** What lives on the heap, the broker included. */
	private static long used() {
		MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
		memory.gc();
		memory.gc();
		return memory.getHeapMemoryUsage().getUsed();
	}

	private void report() {
		System.out.printf("%n%,d keys, %d records each, median of %d rounds%n", PLACES, VERSIONS, ROUNDS);
		System.out.printf("%-45s %10s %12s %8s %12s%n", "", "seconds", "records/s", "ratio", "bytes/entry");
		double raw = median(this.seconds.values().iterator().next());
		this.seconds.forEach((way, all) -> {
			double time = median(all);
			System.out.printf("%-45s %10.2f %,12.0f %8.2f %12.0f%n", way, time, (double) PLACES * VERSIONS / time,
					raw / time, this.bytes.get(way));
		});
	}

	private static double median(List<Double> values) {
		return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
	}

	/**
	 * A way to load the topic.
	 */
	@FunctionalInterface
	private interface Loading {

		Object load() throws IOException;

	}

}
