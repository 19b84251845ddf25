package io.sitestream.projection.reading;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ReadFrom;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.models.role.RedisNodeDescription;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Node;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * The servers of one primary and its replicas, reached as the application's own
 * connections are: same user, same encryption, same options, but at most 2 s to connect
 * and 5 s for an answer, since all readers wait for it. Connections of these do not
 * reconnect by themselves.
 */
final class ReadNodes implements AutoCloseable {

	private static final Logger log = LoggerFactory.getLogger(ReadNodes.class);

	private static final Duration LONGEST_CONNECT = Duration.ofSeconds(2);

	private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);

	private final LettuceConnectionFactory application;

	private final @Nullable String username;

	private final List<LettuceConnectionFactory> known;

	private final Map<Node, LettuceConnectionFactory> discovered = new ConcurrentHashMap<>();

	/**
	 * Takes the application's settings over.
	 * @param application where the application connects to, which is no cluster
	 * @param username as whom, if it needs a name
	 * @param nodes the servers, if the application knows more than one of them
	 */
	ReadNodes(LettuceConnectionFactory application, @Nullable String username, List<Node> nodes) {
		this.application = application;
		this.username = username;
		RedisConfiguration sentinel = application.getSentinelConfiguration();
		RedisConfiguration single = (sentinel != null) ? sentinel : application.getStandaloneConfiguration();
		this.known = nodes.isEmpty() ? List.of(factory(single)) : nodes.stream().map(this::factory).toList();
	}

	/**
	 * Connects to the server that is to be read from.
	 * @param readFrom which one, if it is not the only one known
	 * @return a new connection
	 * @throws DataAccessResourceFailureException if there is none
	 */
	StatefulRedisConnection<byte[], byte[]> open(Optional<ReadFrom> readFrom) {
		if (this.known.size() == 1 && readFrom.filter((from) -> from != ReadFrom.UPSTREAM).isEmpty()) {
			return connect(this.known.getFirst());
		}
		List<Candidate> candidates = candidates();
		List<RedisNodeDescription> chosen = readFrom.orElse(ReadFrom.UPSTREAM).select(new Nodes(candidates));
		candidates.stream().filter((each) -> chosen.isEmpty() || each != chosen.getFirst()).forEach(Candidate::close);
		if (chosen.isEmpty()) {
			throw new DataAccessResourceFailureException(
					"None of the servers of Redis that answer is one to read from: " + candidates);
		}
		return ((Candidate) chosen.getFirst()).connection();
	}

	/**
	 * What leads to one server.
	 * @param node the server
	 * @return its address, and as whom to connect
	 */
	RedisStandaloneConfiguration single(Node node) {
		RedisStandaloneConfiguration configuration = new RedisStandaloneConfiguration(node.host(), node.port());
		configuration.setUsername(this.username);
		configuration.setPassword(RedisPassword.of(this.application.getPassword()));
		configuration.setDatabase(this.application.getDatabase());
		return configuration;
	}

	@Override
	public void close() {
		this.known.forEach(LettuceConnectionFactory::destroy);
		this.discovered.values().forEach(LettuceConnectionFactory::destroy);
	}

	/** The servers that answer; a single primary tells its replicas. */
	private List<Candidate> candidates() {
		List<Candidate> candidates = new ArrayList<>(candidates(this.known));
		if (this.known.size() == 1 && candidates.size() == 1) {
			candidates.addAll(candidates(candidates.getFirst()
				.replicas()
				.stream()
				.map((replica) -> this.discovered.computeIfAbsent(replica, this::factory))
				.toList()));
		}
		if (candidates.isEmpty()) {
			throw new DataAccessResourceFailureException("No server of Redis answers.");
		}
		return candidates;
	}

	/** Asks them side by side, so that those that hang cost no more than one does. */
	private static List<Candidate> candidates(List<LettuceConnectionFactory> factories) {
		return factories.stream()
			.map((factory) -> CompletableFuture.supplyAsync(() -> candidate(factory), Thread::startVirtualThread))
			.toList()
			.stream()
			.flatMap((asked) -> asked.join().stream())
			.toList();
	}

	private static Optional<Candidate> candidate(LettuceConnectionFactory factory) {
		@Nullable StatefulRedisConnection<byte[], byte[]> connection = null;
		try {
			connection = connect(factory);
			List<Object> role = Answers.await(List.of(connection.async().role())).getFirst();
			RedisURI uri = RedisURI.create(factory.getHostName(), factory.getPort());
			return Optional.of(new Candidate(uri, connection, role));
		}
		catch (DataAccessException ex) {
			log.debug("{}:{} is no candidate", factory.getHostName(), factory.getPort(), ex);
			if (connection != null) {
				connection.closeAsync();
			}
			return Optional.empty();
		}
	}

	private static StatefulRedisConnection<byte[], byte[]> connect(LettuceConnectionFactory factory) {
		try {
			return ((RedisClient) factory.getRequiredNativeClient()).connect(ByteArrayCodec.INSTANCE);
		}
		catch (RedisException ex) {
			Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
			throw new DataAccessResourceFailureException("Cannot connect to Redis: " + cause.getMessage(), ex);
		}
	}

	private LettuceConnectionFactory factory(Node node) {
		return factory(single(node));
	}

	private LettuceConnectionFactory factory(RedisConfiguration configuration) {
		ClientOptions options = this.application.getClientConfiguration()
			.getClientOptions()
			.orElseGet(ClientOptions::create);
		SocketOptions socket = options.getSocketOptions();
		options = options.mutate()
			.autoReconnect(false)
			.socketOptions(socket.mutate().connectTimeout(shorter(socket.getConnectTimeout(), LONGEST_CONNECT)).build())
			.build();
		return ClientSettings.started(configuration, ClientSettings.of(this.application)
			.commandTimeout(shorter(this.application.getClientConfiguration().getCommandTimeout(), LONGEST_ANSWER))
			.clientOptions(options)
			.build());
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

	/**
	 * What is chosen from.
	 *
	 * @param candidates the servers
	 */
	private record Nodes(List<Candidate> candidates) implements ReadFrom.Nodes {

		@Override
		public List<RedisNodeDescription> getNodes() {
			return List.copyOf(this.candidates);
		}

		@Override
		public Iterator<RedisNodeDescription> iterator() {
			return getNodes().iterator();
		}

	}

}
