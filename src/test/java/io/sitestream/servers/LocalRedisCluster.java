package io.sitestream.servers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;

import static org.awaitility.Awaitility.await;

/**
 * Redis servers that are the primaries of one Redis Cluster, and maybe replicas of them.
 */
public final class LocalRedisCluster implements AutoCloseable {

	private static final int SLOTS = 16_384;

	private final List<LocalRedis> nodes;

	private final List<LocalRedis> replicas = new ArrayList<>();

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
	 * Makes a server that was started with {@code --cluster-enabled yes} the replica of a
	 * primary, and returns when it has everything.
	 * @param replica the server
	 * @param node the primary, from 0
	 */
	public void replicate(LocalRedis replica, int node) {
		this.replicas.add(replica);
		String primary = at(node, RedisCommands::clusterMyId);
		at(replica, (redis) -> redis.clusterMeet("127.0.0.1", this.nodes.getFirst().port()));
		await().atMost(Duration.ofSeconds(60)).until(() -> at(replica, RedisCommands::clusterNodes).contains(primary));
		at(replica, (redis) -> redis.clusterReplicate(primary));
		await().atMost(Duration.ofSeconds(60))
			.until(() -> at(replica, (redis) -> redis.info("replication")).contains("master_link_status:up"));
	}

	/**
	 * Which primary has a key.
	 * @param key a key
	 * @return its number, from 0
	 */
	public int nodeOf(String key) {
		return (int) ((SlotHash.getSlot(key) + 1L) * this.nodes.size() - 1) / SLOTS;
	}

	public LocalRedis node(int node) {
		return this.nodes.get(node);
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
		return at(this.nodes.get(node), command);
	}

	/**
	 * Asks a server.
	 * @param server the server
	 * @param command what to ask
	 * @param <R> the type of the answer
	 * @return the answer
	 */
	public static <R> R at(LocalRedis server, Function<RedisCommands<String, String>, R> command) {
		RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", server.port()));
		try (client; StatefulRedisConnection<String, String> connection = client.connect()) {
			return command.apply(connection.sync());
		}
	}

	@Override
	public void close() {
		this.replicas.forEach(LocalRedis::close);
		this.nodes.forEach(LocalRedis::close);
	}

}
