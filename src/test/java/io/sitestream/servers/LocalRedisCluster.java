package io.sitestream.servers;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;

import static org.awaitility.Awaitility.await;

/**
 * Redis servers that are the primaries of one Redis Cluster.
 */
public final class LocalRedisCluster implements AutoCloseable {

	private static final int SLOTS = 16_384;

	private final List<LocalRedis> nodes;

	/**
	 * Joins servers that were started with {@code --cluster-enabled yes}, and returns
	 * when they are one cluster.
	 * @param nodes the servers
	 */
	public LocalRedisCluster(List<LocalRedis> nodes) {
		this.nodes = List.copyOf(nodes);
		for (int i = 0; i < nodes.size(); i++) {
			int[] slots = IntStream.range(SLOTS * i / nodes.size(), SLOTS * (i + 1) / nodes.size()).toArray();
			at(i, (redis) -> redis.clusterAddSlots(slots));
			at(i, (redis) -> redis.clusterMeet("127.0.0.1", nodes.getFirst().port()));
		}
		for (int i = 0; i < nodes.size(); i++) {
			int node = i;
			await().atMost(Duration.ofSeconds(60)).until(() -> {
				String state = at(node, RedisCommands::clusterInfo);
				return state.contains("cluster_state:ok") && state.contains("cluster_slots_ok:" + SLOTS)
						&& state.contains("cluster_size:" + nodes.size());
			});
		}
	}

	/**
	 * What {@code spring.data.redis.cluster.nodes} has to be.
	 * @return addresses, separated by commas
	 */
	public String addresses() {
		return this.nodes.stream().map(LocalRedis::address).collect(Collectors.joining(","));
	}

	/**
	 * Asks one of the servers.
	 * @param node which one, from 0
	 * @param command what to ask
	 * @param <R> the type of the answer
	 * @return the answer
	 */
	public <R> R at(int node, Function<RedisCommands<String, String>, R> command) {
		RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", this.nodes.get(node).port()));
		try (client; StatefulRedisConnection<String, String> connection = client.connect()) {
			return command.apply(connection.sync());
		}
	}

	@Override
	public void close() {
		this.nodes.forEach(LocalRedis::close);
	}

}
