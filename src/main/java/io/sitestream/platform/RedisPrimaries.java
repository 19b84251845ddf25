package io.sitestream.platform;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.async.RedisAdvancedClusterAsyncCommands;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The primaries of a Redis by their run ids, which are others after a restart and after a
 * failover: whoever is another one may have forgotten something.
 */
public final class RedisPrimaries {

	private static final byte[] IDENTIFY = "return string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') or ''"
		.getBytes(UTF_8);

	private static final Map<Integer, byte[]> KEYS = new ConcurrentHashMap<>();

	private RedisPrimaries() {
	}

	/**
	 * Asks every primary who it is. Those of a cluster are asked by a key of a slot that
	 * they have had, so that a server which is none any more leads to its successor.
	 * @param redis where to ask
	 * @param key any key
	 * @return the run ids to come, empty where a server does not say
	 */
	public static List<RedisFuture<byte[]>> identify(RedisClusterAsyncCommands<byte[], byte[]> redis, byte[] key) {
		return (redis instanceof RedisAdvancedClusterAsyncCommands<byte[], byte[]> cluster)
				? inCluster(cluster).flatMap((node) -> some(node.getSlots()))
					.map((slot) -> identifyOne(redis, keyIn(slot)))
					.toList()
				: List.of(identifyOne(redis, key));
	}

	private static RedisFuture<byte[]> identifyOne(RedisClusterAsyncCommands<byte[], byte[]> redis, byte[] key) {
		return redis.eval(IDENTIFY, ScriptOutputType.VALUE, key);
	}

	/**
	 * Puts run ids together, whatever their order.
	 * @param runIds run ids
	 * @return the run ids, separated by commas; an empty text if none is known
	 */
	public static String joined(Collection<byte[]> runIds) {
		Set<String> sorted = new TreeSet<>();
		runIds.forEach((runId) -> sorted.add(new String(runId, UTF_8)));
		sorted.remove("");
		return String.join(",", sorted);
	}

	/**
	 * Where a function that goes back when Redis forgets notes the primaries that it
	 * knows.
	 * @param space where keys are in Redis
	 * @param function the name that the function's {@link RedisRewinds rewind} has
	 * @return the key of a hash
	 */
	public static String notesKey(RedisKeySpace space, String function) {
		return space.key("rewind:" + function);
	}

	/**
	 * The primaries of which such a function knows in all partitions of a topic, so that
	 * all that it had ever written is there, whatever was forgotten. A partition that has
	 * noted nothing may still repeat what was lost.
	 * @param notes fields, which are a topic and a partition after a colon, and values of
	 * the hash, in turn
	 * @param partitions how many partitions the topic has
	 * @return run ids, none as long as notes are missing
	 */
	public static Set<String> settled(List<byte[]> notes, int partitions) {
		Map<String, List<Set<String>>> known = new HashMap<>();
		for (int i = 1; i < notes.size(); i += 2) {
			String topic = new String(notes.get(i - 1), UTF_8).replaceFirst(":\\d+$", "");
			known.computeIfAbsent(topic, (name) -> new ArrayList<>())
				.add(Set.of(new String(notes.get(i), UTF_8).split(" ")[0].split(",")));
		}
		Set<String> settled = new HashSet<>();
		known.values().stream().filter((all) -> all.size() >= partitions).forEach((all) -> {
			Set<String> everywhere = new HashSet<>(all.getFirst());
			all.forEach(everywhere::retainAll);
			settled.addAll(everywhere);
		});
		return settled;
	}

	/**
	 * The servers that have keys, to be asked one by one for what concerns no single key.
	 * A cluster still lists a former primary that is away: it has no slots, and whoever
	 * asked it would wait for its return.
	 * @param redis where to ask
	 * @return names for {@link #at}
	 */
	public static List<String> nodes(RedisClusterAsyncCommands<byte[], byte[]> redis) {
		return (redis instanceof RedisAdvancedClusterAsyncCommands<byte[], byte[]> cluster)
				? inCluster(cluster).map(RedisClusterNode::getNodeId).toList() : List.of("");
	}

	/**
	 * Leads to one of the servers.
	 * @param redis where to ask
	 * @param node one of {@link #nodes}
	 * @return commands to that server
	 * @throws io.lettuce.core.RedisException if it is away
	 */
	public static RedisClusterAsyncCommands<byte[], byte[]> at(RedisClusterAsyncCommands<byte[], byte[]> redis,
			String node) {
		return (redis instanceof RedisAdvancedClusterAsyncCommands<byte[], byte[]> cluster)
				? cluster.getConnection(node) : redis;
	}

	private static Stream<RedisClusterNode> inCluster(RedisAdvancedClusterAsyncCommands<byte[], byte[]> cluster) {
		return cluster.getStatefulConnection()
			.getPartitions()
			.stream()
			.filter((node) -> node.is(RedisClusterNode.NodeFlag.UPSTREAM) && !node.hasNoSlots());
	}

	/**
	 * The first, the middle and the last: a slot that is just being moved leads
	 * elsewhere, and one is moved at a time.
	 */
	private static Stream<Integer> some(List<Integer> slots) {
		return Stream.of(slots.getFirst(), slots.get(slots.size() / 2), slots.getLast()).distinct();
	}

	private static byte[] keyIn(int slot) {
		return KEYS.computeIfAbsent(slot, (wanted) -> {
			int number = 0;
			while (SlotHash.getSlot(Integer.toString(number)) != wanted) {
				number++;
			}
			return Integer.toString(number).getBytes(UTF_8);
		});
	}

}
