package io.sitestream.projection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.sitestream.platform.RedisPrimaries;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.stereotype.Component;

/**
 * Pipelined access to Redis, standalone or cluster: commands are sent as they are called,
 * and waited for together.
 */
@Component
class RedisAccess {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final RedisConnectionFactory connections;

	RedisAccess(RedisConnectionFactory connections) {
		this.connections = connections;
	}

	/**
	 * Sends commands and waits for all their answers.
	 * @param commands sends commands and returns their futures
	 * @param <R> what they answer
	 * @return the answers, in the same order
	 * @throws DataAccessResourceFailureException if Redis is away or refuses
	 */
	@SuppressWarnings("unchecked")
	<R> List<R> pipelined(
			Function<RedisClusterAsyncCommands<byte[], byte[]>, ? extends List<? extends Future<R>>> commands) {
		try (RedisConnection connection = this.connections.getConnection()) {
			List<? extends Future<R>> sent = commands
				.apply((RedisClusterAsyncCommands<byte[], byte[]>) connection.getNativeConnection());
			long deadline = System.nanoTime() + PATIENCE.toNanos();
			List<R> answers = new ArrayList<>(sent.size());
			for (Future<R> future : sent) {
				answers.add(future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
			}
			return answers;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new QueryTimeoutException("Interrupted while waiting for Redis", ex);
		}
		catch (TimeoutException ex) {
			throw new QueryTimeoutException("Redis did not answer within " + PATIENCE, ex);
		}
		catch (ExecutionException | RedisException ex) {
			Throwable cause = (ex instanceof ExecutionException && ex.getCause() != null) ? ex.getCause() : ex;
			throw new DataAccessResourceFailureException("Redis failed: " + cause.getMessage(), cause);
		}
	}

	/**
	 * The servers that have keys.
	 * @return names for {@link RedisPrimaries#at}
	 */
	@SuppressWarnings("unchecked")
	List<String> nodes() {
		try (RedisConnection connection = this.connections.getConnection()) {
			return RedisPrimaries.nodes((RedisClusterAsyncCommands<byte[], byte[]>) connection.getNativeConnection());
		}
	}

	/**
	 * Sends one command and waits for its answer.
	 * @param command sends the command
	 * @param <R> what it answers
	 * @return the answer, {@code null} if Redis has nothing there
	 */
	<R> @Nullable R one(Function<RedisClusterAsyncCommands<byte[], byte[]>, ? extends Future<R>> command) {
		return pipelined((redis) -> List.of(command.apply(redis))).getFirst();
	}

}
