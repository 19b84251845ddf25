package io.sitestream.mirrors;

import java.util.function.Function;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.sitestream.servers.LocalRedis;

import static org.awaitility.Awaitility.await;

/**
 * One Redis that follows another.
 */
final class Replication {

	private Replication() {
	}

	/**
	 * Makes one the replica of the other and waits until it has everything.
	 * @param replica which loses what it had
	 * @param primary the other
	 */
	static void begin(LocalRedis replica, LocalRedis primary) {
		ask(replica, (redis) -> redis.replicaof("127.0.0.1", primary.port()));
		await().atMost(Comparison.PATIENCE)
			.until(() -> ask(replica, (redis) -> redis.info("replication")).contains("master_link_status:up"));
	}

	/**
	 * How many keys were read there, not counting what replication does.
	 * @param redis the server
	 * @return the number since its start
	 */
	static long reads(LocalRedis redis) {
		String hits = "keyspace_hits:";
		return ask(redis, (commands) -> commands.info("stats")).lines()
			.filter((line) -> line.startsWith(hits))
			.mapToLong((line) -> Long.parseLong(line.substring(hits.length()).strip()))
			.sum();
	}

	private static String ask(LocalRedis server, Function<RedisCommands<String, String>, String> question) {
		try (RedisClient client = RedisClient.create("redis://" + server.address());
				StatefulRedisConnection<String, String> connection = client.connect()) {
			return question.apply(connection.sync());
		}
	}

}
