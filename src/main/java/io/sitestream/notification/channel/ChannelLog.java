package io.sitestream.notification.channel;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.sitestream.platform.RedisKeySpace;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.stereotype.Component;

import static io.sitestream.notification.channel.LuaScript.bytes;

/**
 * The logs of all channels. Each is a Redis stream with ids {@code <position>-0} beside a
 * hash with the channel's account, epoch, last position and the last sequence of every
 * source. Whatever touches a log is one script, so it is atomic, whoever else is at it.
 * Safe for use by several threads.
 */
@Component
public class ChannelLog {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final int PAGE_ENTRIES = 200;

	private static final int PAGE_BYTES = 256 * 1024;

	private final LuaScript append = LuaScript.named("append.lua");

	private final LuaScript read = LuaScript.named("read.lua");

	private final SecureRandom random = new SecureRandom();

	private final RedisConnectionFactory connections;

	private final RedisKeySpace keys;

	private final NotificationProperties properties;

	ChannelLog(RedisConnectionFactory connections, RedisKeySpace keys, NotificationProperties properties) {
		this.connections = connections;
		this.keys = keys;
		this.properties = properties;
	}

	/**
	 * Appends to several channels at once and waits for all. What a source repeats, and
	 * what comes from an account that the channel does not belong to, is dropped.
	 * @param additions by channel id, in order, at least one for each
	 * @return what became of them
	 * @throws LogUnavailableException if that is not known for all; then all of it may be
	 * appended again. A primary of Redis that the additions do not name takes nothing
	 */
	AppendSummary append(Map<String, List<LogAddition>> additions) {
		return using((redis) -> {
			Map<String, CompletableFuture<List<?>>> replies = new LinkedHashMap<>();
			additions.forEach((channelId, list) -> replies.put(channelId,
					this.append.run(redis, keys(channelId), arguments(channelId, list))));
			await(CompletableFuture.allOf(replies.values().toArray(CompletableFuture[]::new)));
			return replies.values()
				.stream()
				.map(ChannelLog::await)
				.map(AppendSummary::of)
				.reduce(AppendSummary.NOTHING, AppendSummary::plus);
		});
	}

	/**
	 * Reads what follows a position: a page of bounded size, empty at the log's end. A
	 * channel that belongs to nobody becomes the account's.
	 * @param channelId the channel
	 * @param account who reads
	 * @param after the position before the first entry wanted
	 * @return the page
	 * @throws ForeignChannelException if the channel belongs to another account
	 * @throws LogUnavailableException if Redis did not answer
	 */
	public LogPage read(String channelId, String account, long after) {
		List<?> reply = using((redis) -> await(this.read.run(redis, keys(channelId), bytes(account), newEpoch(),
				bytes(this.properties.logRetention().toMillis()), bytes(after), bytes(PAGE_ENTRIES),
				bytes(PAGE_BYTES))));
		if (reply.isEmpty()) {
			throw new ForeignChannelException(channelId);
		}
		return LogPage.of(reply);
	}

	/**
	 * The name of the pub/sub channel that says when something was appended.
	 * @param channelId the channel
	 * @return the name in Redis
	 */
	String hint(String channelId) {
		return this.keys.key("channel:{" + channelId + "}:hint");
	}

	private byte[][] keys(String channelId) {
		return new byte[][] { bytes(this.keys.key("channel:{" + channelId + "}:state")),
				bytes(this.keys.key("channel:{" + channelId + "}:log")) };
	}

	private byte[][] arguments(String channelId, List<LogAddition> additions) {
		List<byte[]> arguments = new ArrayList<>(7 + 7 * additions.size());
		arguments.add(newEpoch());
		arguments.add(bytes(this.properties.logRetention().toMillis()));
		arguments.add(bytes(this.properties.logEntries()));
		arguments.add(bytes(hint(channelId)));
		additions.getFirst().addTermsTo(arguments);
		additions.forEach((addition) -> addition.addTo(arguments));
		return arguments.toArray(byte[][]::new);
	}

	private byte[] newEpoch() {
		byte[] epoch = new byte[9];
		this.random.nextBytes(epoch);
		return bytes(Base64.getUrlEncoder().encodeToString(epoch));
	}

	@SuppressWarnings("unchecked")
	private <T> T using(Function<RedisClusterAsyncCommands<byte[], byte[]>, T> work) {
		try (RedisConnection connection = this.connections.getConnection()) {
			return work.apply((RedisClusterAsyncCommands<byte[], byte[]>) connection.getNativeConnection());
		}
	}

	private static <T> T await(CompletableFuture<T> future) {
		try {
			return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
			throw new LogUnavailableException("Redis failed: " + cause.getMessage(), cause);
		}
		catch (TimeoutException ex) {
			throw new LogUnavailableException("Redis did not answer for " + PATIENCE.toSeconds() + " s.", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new LogUnavailableException("Interrupted while waiting for Redis.", ex);
		}
	}

}
