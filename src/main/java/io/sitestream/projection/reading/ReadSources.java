package io.sitestream.projection.reading;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

import io.lettuce.core.ReadFrom;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Node;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Where readers ask: what is near, which may be a replica or the memory of this process,
 * or the primary. With Redis Cluster nothing is remembered.
 */
public final class ReadSources implements AutoCloseable {

	private final Deque<Runnable> closing = new ArrayDeque<>();

	private final ReadMetrics metrics = new ReadMetrics();

	private final LongSupplier bytes;

	private final ReadSource near;

	private final ReadSource nearServer;

	private final ReadSource primary;

	private final RedisConnectionFactory subscriptions;

	/**
	 * Takes the application's settings over. Nothing is connected yet.
	 * @param application where the application connects to
	 * @param username as whom, if it needs a name
	 * @param nodes the servers, if the application knows a primary and its replicas
	 * @param readFrom which of several servers is near, the primary by default
	 * @param maxBytes how much of the answers to remember, 0 for nothing
	 */
	ReadSources(LettuceConnectionFactory application, @Nullable String username, List<Node> nodes,
			Optional<ReadFrom> readFrom, long maxBytes) {
		RedisClusterConfiguration cluster = application.getClusterConfiguration();
		if (cluster != null) {
			this.bytes = () -> 0;
			this.subscriptions = application;
			this.primary = new ClusterSource(application);
			this.near = readFrom.map((from) -> cluster(application, cluster, from)).orElse(this.primary);
			this.nearServer = this.near;
			return;
		}
		ReadNodes servers = new ReadNodes(application, username, nodes);
		this.subscriptions = nodes.isEmpty() ? application : started(
				ClientSettings.started(servers.single(nodes.getFirst()), ClientSettings.of(application).build()));
		ReadConnections nearest = connections(servers, readFrom, maxBytes);
		this.bytes = nearest::bytes;
		this.near = nearest.near();
		this.nearServer = nearest.direct();
		this.primary = readFrom.isEmpty() ? this.nearServer : connections(servers, Optional.empty(), 0).direct();
		this.closing.add(servers::close);
	}

	/**
	 * The servers of an application, without replicas.
	 * @param application where the application connects to
	 * @param maxBytes how much of the answers to remember, 0 for nothing
	 * @return sources
	 */
	public static ReadSources of(LettuceConnectionFactory application, long maxBytes) {
		return new ReadSources(application, null, List.of(), Optional.empty(), maxBytes);
	}

	/**
	 * Where an answer comes from soonest. It may be as old as the replica or the memory
	 * that it comes from.
	 * @return the source
	 */
	public ReadSource near() {
		return this.near;
	}

	/**
	 * The server that {@link #near} asks for what it does not remember, over the same
	 * connection. If that is dead, this is noticed within 5 s and the memory is dropped.
	 * @return the source
	 */
	public ReadSource nearServer() {
		return this.nearServer;
	}

	/**
	 * Where the newest is.
	 * @return the source
	 */
	public ReadSource primary() {
		return this.primary;
	}

	/**
	 * Where to hear what is published.
	 * @return connections
	 */
	public RedisConnectionFactory subscriptions() {
		return this.subscriptions;
	}

	void register(MeterRegistry meters) {
		this.metrics.register(meters, this.bytes);
	}

	@Override
	public void close() {
		this.closing.forEach(Runnable::run);
	}

	private ReadSource cluster(LettuceConnectionFactory application, RedisClusterConfiguration cluster,
			ReadFrom readFrom) {
		return new ClusterSource(
				started(ClientSettings.started(cluster, ClientSettings.of(application).readFrom(readFrom).build())));
	}

	private LettuceConnectionFactory started(LettuceConnectionFactory factory) {
		this.closing.add(factory::destroy);
		return factory;
	}

	private ReadConnections connections(ReadNodes servers, Optional<ReadFrom> readFrom, long maxBytes) {
		ReadConnections opened = new ReadConnections(servers, readFrom, maxBytes, this.metrics);
		this.closing.add(opened::close);
		return opened;
	}

}
