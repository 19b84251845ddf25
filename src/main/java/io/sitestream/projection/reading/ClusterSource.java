package io.sitestream.projection.reading;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.async.RedisAdvancedClusterAsyncCommands;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Asks the servers of a Redis Cluster, side by side.
 *
 * @param connections the connections
 */
record ClusterSource(RedisConnectionFactory connections) implements ReadSource {

	private static final Pattern RUN_ID = Pattern.compile("run_id:(\\p{XDigit}+)");

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
	@SuppressWarnings("unchecked")
	public String primaryOf(byte[] key) {
		try (RedisConnection connection = this.connections.getConnection()) {
			var redis = (RedisAdvancedClusterAsyncCommands<byte[], byte[]>) connection.getNativeConnection();
			RedisClusterNode node = redis.getStatefulConnection()
				.getPartitions()
				.getPartitionBySlot(SlotHash.getSlot(key));
			if (node == null) {
				return "";
			}
			RedisClusterAsyncCommands<byte[], byte[]> server = redis.getConnection(node.getNodeId());
			List<Object> answers = Answers
				.await(List.<CompletionStage<Object>>of(server.role().thenApply((role) -> role.getFirst()),
						server.info("server").thenApply(ClusterSource::runId)));
			boolean isPrimary = answers.getFirst() instanceof byte[] role && new String(role, UTF_8).equals("master");
			return isPrimary ? (String) answers.getLast() : "";
		}
		catch (RedisException ex) {
			throw new DataAccessResourceFailureException("Redis failed: " + ex.getMessage(), ex);
		}
	}

	private static String runId(String info) {
		Matcher found = RUN_ID.matcher(info);
		return found.find() ? found.group(1) : "";
	}

	@Override
	public boolean isOrdered() {
		return false;
	}

}
