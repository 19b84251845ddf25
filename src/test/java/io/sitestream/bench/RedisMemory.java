package io.sitestream.bench;

import java.util.Map;
import java.util.TreeMap;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;

/**
 * What Redis needs for what it stores.
 */
final class RedisMemory implements AutoCloseable {

	private static final int SAMPLE = 20_000;

	private final RedisClient client;

	private final StatefulRedisConnection<String, String> connection;

	RedisMemory(String address) {
		this.client = RedisClient.create("redis://" + address);
		this.connection = this.client.connect();
	}

	/**
	 * The memory that is used.
	 * @return bytes, as {@code INFO memory} has them
	 */
	long used() {
		return this.connection.sync()
			.info("memory")
			.lines()
			.filter((line) -> line.startsWith("used_memory:"))
			.mapToLong((line) -> Long.parseLong(line.substring("used_memory:".length()).trim()))
			.findFirst()
			.orElseThrow();
	}

	long keys() {
		return this.connection.sync().dbsize();
	}

	/**
	 * What the keys of a sample need, by kind. The sample is what a scan finds first,
	 * which is as good as random.
	 * @return a line for each kind
	 */
	Map<String, String> byKind() {
		RedisCommands<String, String> redis = this.connection.sync();
		Map<String, long[]> kinds = new TreeMap<>();
		KeyScanCursor<String> page = redis.scan(ScanCursor.INITIAL, ScanArgs.Builder.limit(1_000));
		for (int seen = 0; seen < SAMPLE; seen += page.getKeys().size()) {
			for (String key : page.getKeys()) {
				Long bytes = redis.memoryUsage(key);
				long[] sums = kinds.computeIfAbsent(kind(key), (kind) -> new long[2]);
				sums[0]++;
				sums[1] += (bytes != null) ? bytes : 0;
			}
			if (page.isFinished()) {
				break;
			}
			page = redis.scan(page, ScanArgs.Builder.limit(1_000));
		}
		Map<String, String> lines = new TreeMap<>();
		kinds.forEach((kind, sums) -> lines.put(kind,
				"%,d keys of the sample, %,d bytes each".formatted(sums[0], sums[1] / sums[0])));
		return lines;
	}

	/** The key without what names one site, app or instance. */
	private static String kind(String key) {
		return key.replaceFirst(":view:.*", ":view:…").replaceFirst("\\{([^/}]*)/[^}]*}", "{$1/…}");
	}

	@Override
	public void close() {
		this.connection.close();
		this.client.shutdown();
	}

}
