package io.sitestream.projection.reading;

import java.util.List;

import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.models.role.RedisNodeDescription;

import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Node;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A server that can be read from.
 *
 * @param uri where it is
 * @param connection a connection to it
 * @param said what it answered to {@code ROLE}
 */
record Candidate(RedisURI uri, StatefulRedisConnection<byte[], byte[]> connection,
		List<Object> said) implements RedisNodeDescription, AutoCloseable {

	@Override
	public RedisURI getUri() {
		return this.uri;
	}

	@Override
	public Role getRole() {
		return text(this.said.getFirst()).equals("master") ? Role.UPSTREAM : Role.REPLICA;
	}

	/**
	 * The replicas that it feeds, where it has some.
	 * @return where they are
	 */
	List<Node> replicas() {
		if (!getRole().isUpstream() || !(this.said.get(2) instanceof List<?> replicas)) {
			return List.of();
		}
		return replicas.stream().map((replica) -> node((List<?>) replica)).toList();
	}

	@Override
	public void close() {
		this.connection.closeAsync();
	}

	@Override
	public String toString() {
		return "%s:%d is %s".formatted(this.uri.getHost(), this.uri.getPort(), text(this.said.getFirst()));
	}

	private static Node node(List<?> replica) {
		return new Node(text(replica.get(0)), Integer.parseInt(text(replica.get(1))));
	}

	private static String text(Object value) {
		return (value instanceof byte[] bytes) ? new String(bytes, UTF_8) : String.valueOf(value);
	}

}
