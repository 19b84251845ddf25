package io.sitestream.projection;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Hears that a projection's writer has written something, so that nobody who waits has to
 * ask again and again. A hint may be lost; who waits looks again after a while anyway.
 * Subscribes at the first wait, beside those who wait: a server that does not answer
 * costs them nothing but the hints. Safe for use by several threads.
 */
final class Advances implements MessageListener, AutoCloseable {

	/** How long a lost hint can cost. */
	private static final Duration LONGEST_WAIT = Duration.ofMillis(250);

	/** Between a subscription that failed and the next attempt. */
	private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

	private static final Logger log = LoggerFactory.getLogger(Advances.class);

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition heard = this.lock.newCondition();

	private final RedisConnectionFactory connections;

	private final byte[] channel;

	private @Nullable RedisConnection subscription;

	private boolean subscribing;

	private boolean closed;

	private long earliest = System.nanoTime();

	private long count;

	Advances(RedisConnectionFactory connections, byte[] channel) {
		this.connections = connections;
		this.channel = channel;
	}

	/**
	 * How often something was heard: to be asked before one looks.
	 * @return a number to wait with
	 */
	long count() {
		this.lock.lock();
		try {
			return this.count;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Waits until something more was heard, or a hint may have been lost. What was
	 * published before the subscription was heard by nobody, so that counts as a hint.
	 * @param seen what {@link #count} said before the look
	 * @param nanos how long to wait at most
	 */
	void awaitMore(long seen, long nanos) {
		long left = Math.min(nanos, LONGEST_WAIT.toNanos());
		this.lock.lock();
		try {
			subscribe();
			while (this.count == seen && left > 0) {
				left = this.heard.awaitNanos(left);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while waiting for the projection", ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void onMessage(Message message, byte @Nullable [] pattern) {
		this.lock.lock();
		try {
			tell();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void close() {
		this.lock.lock();
		try {
			this.closed = true;
			if (this.subscription != null) {
				this.subscription.close();
				this.subscription = null;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void tell() {
		this.count++;
		this.heard.signalAll();
	}

	private void subscribe() {
		if (this.subscription == null && !this.subscribing && !this.closed && System.nanoTime() - this.earliest >= 0) {
			this.subscribing = true;
			Thread.ofPlatform().daemon().name("projection-advances").start(this::open);
		}
	}

	private void open() {
		@Nullable RedisConnection opened = null;
		try {
			RedisConnection connection = this.connections.getConnection();
			opened = connection;
			connection.subscribe(this, this.channel);
			opened = subscribed(connection) ? null : connection;
		}
		catch (RuntimeException ex) {
			log.debug("Cannot subscribe: who waits looks again every {}", LONGEST_WAIT, ex);
		}
		finally {
			ended();
			if (opened != null) {
				opened.close();
			}
		}
	}

	private boolean subscribed(RedisConnection connection) {
		this.lock.lock();
		try {
			if (!this.closed) {
				this.subscription = connection;
				tell();
			}
			return !this.closed;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void ended() {
		this.lock.lock();
		try {
			this.subscribing = false;
			this.earliest = System.nanoTime() + PAUSE_NANOS;
		}
		finally {
			this.lock.unlock();
		}
	}

}
