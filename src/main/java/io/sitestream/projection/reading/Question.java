package io.sitestream.projection.reading;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.Range.Boundary;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * What can be asked about a key. Every answer is a list of values.
 *
 * @param key the key in Redis
 * @param form what is asked
 */
@SuppressWarnings("ArrayRecordComponent")
public record Question(byte[] key, Form form) {

	private static final Form VALUE = new Value();

	private static final Form FIELDS = new Fields();

	/**
	 * Asks for a value.
	 * @param key the key
	 * @return a question that is answered with the value, or with nothing
	 */
	public static Question value(byte[] key) {
		return new Question(key, VALUE);
	}

	/**
	 * Asks for the fields of a hash.
	 * @param key the key
	 * @return a question that is answered with field, value, field, value …
	 */
	public static Question fields(byte[] key) {
		return new Question(key, FIELDS);
	}

	/**
	 * Asks for members of a sorted set whose members have the same score.
	 * @param key the key
	 * @param after where to begin, exclusive; an empty text for the beginning
	 * @param limit how many at most
	 * @return a question that is answered with the number of all members in decimal, then
	 * those of the page
	 */
	public static Question members(byte[] key, String after, long limit) {
		return new Question(key, new Members(after, limit));
	}

	CompletionStage<List<byte[]>> ask(RedisClusterAsyncCommands<byte[], byte[]> redis) {
		return this.form.ask(redis, this.key);
	}

	/**
	 * What is asked about a key. Equal forms ask the same.
	 */
	public sealed interface Form {

		CompletionStage<List<byte[]>> ask(RedisClusterAsyncCommands<byte[], byte[]> redis, byte[] key);

	}

	private record Value() implements Form {

		@Override
		public CompletionStage<List<byte[]>> ask(RedisClusterAsyncCommands<byte[], byte[]> redis, byte[] key) {
			return redis.get(key).thenApply((value) -> (value != null) ? List.of(value) : List.of());
		}

	}

	private record Fields() implements Form {

		@Override
		public CompletionStage<List<byte[]>> ask(RedisClusterAsyncCommands<byte[], byte[]> redis, byte[] key) {
			return redis.hgetall(key).thenApply((fields) -> {
				List<byte[]> answer = new ArrayList<>(fields.size() * 2);
				fields.forEach((field, value) -> {
					answer.add(field);
					answer.add(value);
				});
				return answer;
			});
		}

	}

	private record Members(String after, long limit) implements Form {

		@Override
		public CompletionStage<List<byte[]>> ask(RedisClusterAsyncCommands<byte[], byte[]> redis, byte[] key) {
			Boundary<byte[]> from = this.after.isEmpty() ? Boundary.unbounded()
					: Boundary.excluding(this.after.getBytes(UTF_8));
			CompletionStage<Long> count = redis.zcard(key);
			return redis.zrangebylex(key, Range.from(from, Boundary.unbounded()), Limit.create(0, this.limit))
				.thenCombine(count, (members, all) -> {
					List<byte[]> answer = new ArrayList<>(members.size() + 1);
					answer.add(Long.toString(all).getBytes(UTF_8));
					answer.addAll(members);
					return answer;
				});
		}

	}

}
