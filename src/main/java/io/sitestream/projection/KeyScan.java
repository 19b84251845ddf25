package io.sitestream.projection;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.sitestream.platform.RedisPrimaries;

/**
 * Goes through keys in buckets, on every primary. Works half of the time and rests the
 * other half, so that a long scan is no burden to those who read and write.
 */
final class KeyScan {

	private static final int BUCKET = 2_000;

	private static final long LONGEST_REST = Duration.ofMillis(50).toNanos();

	private final RedisAccess redis;

	private final Lease lease;

	/**
	 * Creates a scan.
	 * @param redis the access to Redis
	 * @param lease kept on the way; when it is lost, the scan ends
	 */
	KeyScan(RedisAccess redis, Lease lease) {
		this.redis = redis;
		this.lease = lease;
	}

	/**
	 * Goes through all keys with a prefix. Those that are there all the time are met at
	 * least once.
	 * @param prefix what the keys begin with
	 * @param action takes a bucket of keys
	 * @throws LeaseLostException if somebody else has the task now
	 */
	void each(String prefix, Consumer<List<byte[]>> action) {
		ScanArgs args = ScanArgs.Builder.limit(BUCKET).match((prefix + "*").getBytes(StandardCharsets.UTF_8));
		for (String node : this.redis.nodes()) {
			steps((redis, cursor) -> RedisPrimaries.at(redis, node).scan(cursor, args), KeyScanCursor::getKeys, action);
		}
	}

	/**
	 * Goes through the elements of one big key.
	 * @param scan scans from a cursor
	 * @param elements what a step has found
	 * @param action takes a bucket of elements
	 * @param <C> the type of the step
	 * @param <E> the type of the elements
	 */
	<C extends ScanCursor, E> void steps(Step<C> scan, Function<C, List<E>> elements, Consumer<List<E>> action) {
		ScanCursor cursor = ScanCursor.INITIAL;
		while (!cursor.isFinished()) {
			this.lease.keep();
			long began = System.nanoTime();
			ScanCursor from = cursor;
			C step = this.redis.pipelined((redis) -> List.of(scan.from(redis, from))).getFirst();
			List<E> found = new ArrayList<>(elements.apply(step));
			if (!found.isEmpty()) {
				action.accept(found);
			}
			cursor = step;
			LockSupport.parkNanos(Math.min(System.nanoTime() - began, LONGEST_REST));
		}
	}

	/**
	 * One step of a scan.
	 *
	 * @param <C> what it answers
	 */
	@FunctionalInterface
	interface Step<C extends ScanCursor> {

		RedisFuture<C> from(RedisClusterAsyncCommands<byte[], byte[]> redis, ScanCursor cursor);

	}

}
