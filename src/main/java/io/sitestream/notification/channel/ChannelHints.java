package io.sitestream.notification.channel;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import io.sitestream.platform.RedisKeySpace;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.Subscription;
import org.springframework.data.redis.connection.SubscriptionListener;
import org.springframework.stereotype.Component;

/**
 * Wakes who listens to a channel when something was appended to its log, and whenever the
 * connection that tells so was made anew, since what was said meanwhile is not heard. A
 * hint may still be lost: listeners look into the log from time to time by themselves.
 * Listening never waits for Redis: one thread brings the connection's subscriptions in
 * line with the listeners, and tries again while Redis is away.
 */
@Component
public class ChannelHints implements SmartLifecycle {

	private static final Logger log = LoggerFactory.getLogger(ChannelHints.class);

	private static final int RETRY_SECONDS = 1;

	private final Map<String, Collection<Runnable>> listeners = new ConcurrentHashMap<>();

	private final Semaphore changes = new Semaphore(0);

	private final RedisConnectionFactory connections;

	private final ChannelLog channels;

	private final String anchor;

	private volatile boolean running;

	ChannelHints(RedisConnectionFactory connections, ChannelLog channels, RedisKeySpace keys) {
		this.connections = connections;
		this.channels = channels;
		this.anchor = keys.key("channel:hints");
	}

	/**
	 * Listens to a channel.
	 * @param channelId the channel
	 * @param wake called at every hint, on the connection's thread: it must not block
	 * @return ends the listening
	 */
	public Listening listen(String channelId, Runnable wake) {
		String hint = this.channels.hint(channelId);
		this.listeners.compute(hint, (name, present) -> {
			Collection<Runnable> all = (present != null) ? present : new CopyOnWriteArrayList<>();
			all.add(wake);
			return all;
		});
		this.changes.release();
		return () -> {
			this.listeners.computeIfPresent(hint, (name, present) -> {
				present.remove(wake);
				return present.isEmpty() ? null : present;
			});
			this.changes.release();
		};
	}

	private void wake(byte[] hint) {
		Collection<Runnable> found = this.listeners.get(new String(hint, StandardCharsets.UTF_8));
		if (found != null) {
			found.forEach(Runnable::run);
		}
	}

	private void follow() {
		boolean deaf = false;
		while (this.running) {
			try (RedisConnection connection = this.connections.getConnection()) {
				connection.subscribe(new Ears(), LuaScript.bytes(this.anchor));
				if (deaf) {
					deaf = false;
					log.info("Hints about channels are heard again.");
				}
				follow(connection.getSubscription());
			}
			catch (RuntimeException ex) {
				if (!deaf) {
					deaf = true;
					log.warn("Hints about channels are not heard, channels are looked into instead: {}",
							ex.getMessage());
				}
				acquire(RETRY_SECONDS);
			}
		}
	}

	private void follow(@Nullable Subscription subscription) {
		Set<String> subscribed = new HashSet<>();
		while (this.running && subscription != null && subscription.isAlive()) {
			Set<String> wanted = Set.copyOf(this.listeners.keySet());
			Set<String> missing = new HashSet<>(wanted);
			missing.removeAll(subscribed);
			if (!missing.isEmpty()) {
				subscription.subscribe(bytes(missing));
				subscribed.addAll(missing);
			}
			Set<String> unwanted = new HashSet<>(subscribed);
			unwanted.removeAll(wanted);
			if (!unwanted.isEmpty()) {
				subscription.unsubscribe(bytes(unwanted));
				subscribed.removeAll(unwanted);
			}
			acquire(Integer.MAX_VALUE);
		}
	}

	private void acquire(int seconds) {
		try {
			if (this.changes.tryAcquire(seconds, TimeUnit.SECONDS)) {
				this.changes.drainPermits();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			this.running = false;
		}
	}

	private static byte[][] bytes(Set<String> names) {
		return names.stream().map(LuaScript::bytes).toArray(byte[][]::new);
	}

	@Override
	public void start() {
		this.running = true;
		Thread.ofVirtual().name("channel-hints").start(this::follow);
	}

	@Override
	public void stop() {
		this.running = false;
		this.changes.release();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/**
	 * Until it is closed, hints come.
	 */
	@FunctionalInterface
	public interface Listening extends AutoCloseable {

		@Override
		void close();

	}

	/**
	 * Lettuce subscribes again by itself after it has reconnected, and says so once for
	 * each name.
	 */
	private final class Ears implements MessageListener, SubscriptionListener {

		@Override
		public void onMessage(Message message, byte @Nullable [] pattern) {
			wake(message.getChannel());
		}

		@Override
		public void onChannelSubscribed(byte[] hint, long count) {
			wake(hint);
		}

	}

}
