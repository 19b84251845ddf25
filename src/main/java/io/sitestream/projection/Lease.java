package io.sitestream.projection;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;

/**
 * The right to do a task that one instance does for all. It expires by itself when its
 * owner dies, and an owner that was stopped for too long notices. Two owners at once
 * would cost work and nothing else, since what comes of a task changes the catalogue only
 * if that is still as it was.
 */
final class Lease implements AutoCloseable {

	private static final Duration TERM = Duration.ofSeconds(10);

	private final RedisAccess redis;

	private final byte[] key;

	private final byte[] owner = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);

	private final Script script = new Script("lease.lua", ScriptOutputType.INTEGER);

	private long kept = System.nanoTime();

	private Lease(RedisAccess redis, byte[] key) {
		this.redis = redis;
		this.key = key;
	}

	/**
	 * Asks for the right.
	 * @param redis the access to Redis
	 * @param key names the task
	 * @return the lease, or nothing while somebody else has it
	 */
	static Optional<Lease> of(RedisAccess redis, byte[] key) {
		Lease lease = new Lease(redis, key);
		String answer = redis
			.one((commands) -> commands.set(key, lease.owner, SetArgs.Builder.nx().px(TERM.toMillis())));
		return (answer != null) ? Optional.of(lease) : Optional.empty();
	}

	/**
	 * Keeps the right; to be called every few seconds.
	 * @throws LeaseLostException if somebody else has the task now, or this thread was
	 * interrupted
	 */
	void keep() {
		if (Thread.currentThread().isInterrupted()) {
			throw new LeaseLostException("This process ends.");
		}
		if (System.nanoTime() - this.kept > TERM.dividedBy(4).toNanos()) {
			if (!run(TERM.toMillis())) {
				throw new LeaseLostException("Another instance has the task now.");
			}
			this.kept = System.nanoTime();
		}
	}

	@Override
	public void close() {
		run(0);
	}

	private boolean run(long millis) {
		Long answer = this.redis.one((redis) -> this.script.<Long>eval(redis, new byte[][] { this.key }, this.owner,
				Long.toString(millis).getBytes(StandardCharsets.US_ASCII)));
		return answer != null && answer == 1;
	}

}
