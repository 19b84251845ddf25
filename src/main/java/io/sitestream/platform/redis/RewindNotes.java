package io.sitestream.platform.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.sitestream.platform.RedisPrimaries;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.ClassPathResource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The notes of one function, in a hash of Redis. Everything is a script, since scripts
 * run on primaries whatever replicas are read.
 */
class RewindNotes {

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private static final byte[] READ = script("rewind-read.lua");

	private static final byte[] WRITE = script("rewind-write.lua");

	private final RedisConnectionFactory connections;

	private final byte[] key;

	RewindNotes(RedisConnectionFactory connections, String key) {
		this.connections = connections;
		this.key = key.getBytes(UTF_8);
	}

	/**
	 * Asks Redis who its primaries are and what they remember.
	 * @param partitions names of partitions
	 * @return what it says
	 * @throws org.springframework.dao.DataAccessException if it is away
	 */
	Memory read(List<String> partitions) {
		return using((redis) -> {
			List<byte[]> primaries = new ArrayList<>();
			RedisPrimaries.identify(redis, this.key).forEach((runId) -> primaries.add(await(runId)));
			List<Object> reply = await(redis.<List<Object>>eval(READ, ScriptOutputType.MULTI, keys(),
					partitions.stream().map(RewindNotes::bytes).toArray(byte[][]::new)));
			primaries.add((byte[]) reply.getFirst());
			Map<String, Note> notes = new HashMap<>();
			for (int i = 0; i < partitions.size(); i++) {
				Object found = reply.get(i + 1);
				if (found instanceof byte[]) {
					notes.put(partitions.get(i), Note.decode(text(found)));
				}
			}
			return new Memory(RedisPrimaries.joined(primaries), Map.copyOf(notes));
		});
	}

	/**
	 * Writes notes, unless the primary has changed since.
	 * @param notes by partition, all of the same primaries
	 * @param primaries the primaries that are known
	 * @return whether they were written
	 * @throws org.springframework.dao.DataAccessException if Redis is away
	 */
	boolean write(Map<String, Note> notes, String primaries) {
		List<byte[]> arguments = new ArrayList<>();
		arguments.add(bytes(primaries));
		notes.forEach((partition, note) -> {
			arguments.add(bytes(partition));
			arguments.add(bytes(note.encode()));
		});
		return using((redis) -> await(
				redis.<Boolean>eval(WRITE, ScriptOutputType.BOOLEAN, keys(), arguments.toArray(byte[][]::new))));
	}

	private byte[][] keys() {
		return new byte[][] { this.key };
	}

	@SuppressWarnings("unchecked")
	private <T> T using(Function<RedisClusterAsyncCommands<byte[], byte[]>, T> work) {
		try (RedisConnection connection = this.connections.getConnection()) {
			return work.apply((RedisClusterAsyncCommands<byte[], byte[]>) connection.getNativeConnection());
		}
		catch (RedisException ex) {
			throw new DataAccessResourceFailureException("Redis failed: " + ex.getMessage(), ex);
		}
	}

	private static <T> T await(CompletionStage<T> reply) {
		CompletableFuture<T> future = reply.toCompletableFuture();
		try {
			return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new QueryTimeoutException("Interrupted while waiting for Redis", ex);
		}
		catch (TimeoutException ex) {
			future.cancel(false);
			throw new QueryTimeoutException("Redis did not answer within " + PATIENCE, ex);
		}
		catch (ExecutionException ex) {
			throw new DataAccessResourceFailureException("Redis failed: " + ex.getCause(), ex);
		}
	}

	private static byte[] script(String file) {
		try {
			return new ClassPathResource(file, RewindNotes.class).getContentAsByteArray();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot read the script " + file, ex);
		}
	}

	private static byte[] bytes(String text) {
		return text.getBytes(UTF_8);
	}

	private static String text(Object bytes) {
		return new String((byte[]) bytes, UTF_8);
	}

	/**
	 * What Redis knows.
	 *
	 * @param primaries the run ids of its primaries, sorted, separated by commas
	 * @param notes the notes by partition
	 */
	record Memory(String primaries, Map<String, Note> notes) {

		boolean isSinglePrimary() {
			return this.primaries.indexOf(',') < 0;
		}

		@Nullable Note of(String partition) {
			return this.notes.get(partition);
		}

	}

	/**
	 * A note.
	 *
	 * @param primaries the primaries that were known
	 * @param position up to where all that came of the partition's records was written,
	 * exclusive
	 */
	record Note(String primaries, long position) {

		String encode() {
			return this.primaries + " " + this.position;
		}

		static Note decode(String text) {
			int space = text.indexOf(' ');
			return new Note(text.substring(0, space), Long.parseLong(text.substring(space + 1)));
		}

	}

}
