package io.sitestream.projection.reading;

import java.util.List;

import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Asks the servers of a Redis Cluster, side by side.
 *
 * @param connections the connections
 */
record ClusterSource(RedisConnectionFactory connections) implements ReadSource {

	@Override
	@SuppressWarnings("unchecked")
	public List<List<byte[]>> ask(List<Question> questions) {
		try (RedisConnection connection = this.connections.getConnection()) {
			var redis = (RedisClusterAsyncCommands<byte[], byte[]>) connection.getNativeConnection();
			return Answers.await(questions.stream().map((question) -> question.ask(redis)).toList());
		}
		catch (RedisException ex) {
			throw new DataAccessResourceFailureException("Redis failed: " + ex.getMessage(), ex);
		}
	}

	@Override
	public boolean isOrdered() {
		return false;
	}

}
