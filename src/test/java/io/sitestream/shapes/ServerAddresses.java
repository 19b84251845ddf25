package io.sitestream.shapes;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.platform.Server;
import io.sitestream.servers.LocalPostgres;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;

/**
 * The addresses of all three servers, of which those that a process must not need are
 * traps, and what the others say about who is connected.
 */
final class ServerAddresses implements AutoCloseable {

	private static final String CONNECTED = "select count(*) from pg_stat_activity where datname = ? and pid <> pg_backend_pid()";

	private final TestSpace space;

	private final Map<Server, Tripwire> traps = new EnumMap<>(Server.class);

	ServerAddresses(TestSpace space, Set<Server> needed) {
		this.space = space;
		EnumSet.complementOf(needed.isEmpty() ? EnumSet.noneOf(Server.class) : EnumSet.copyOf(needed))
			.forEach((server) -> this.traps.put(server, new Tripwire()));
	}

	/**
	 * What a process is told.
	 * @return properties besides those of the space
	 */
	Map<String, String> properties() {
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("spring.data.redis.client-name", this.space.topicPrefix());
		this.traps.forEach((server, trap) -> {
			switch (server) {
				case KAFKA -> properties.put("spring.kafka.bootstrap-servers", trap.address());
				case REDIS -> {
					properties.put("spring.data.redis.host", "127.0.0.1");
					properties.put("spring.data.redis.port", Integer.toString(trap.port()));
				}
				case POSTGRESQL -> {
					properties.put("spring.datasource.url", "jdbc:postgresql://%s/trap".formatted(trap.address()));
					properties.put("spring.datasource.username", "trap");
				}
			}
		});
		return properties;
	}

	/**
	 * Where somebody was who should not have been.
	 * @return servers with the number of visits
	 */
	Map<Server, Integer> trapped() {
		return this.traps.entrySet()
			.stream()
			.filter((trap) -> trap.getValue().visits() > 0)
			.collect(Collectors.toMap(Map.Entry::getKey, (trap) -> trap.getValue().visits()));
	}

	/**
	 * Whether a server has connections of this space. Kafka shows members of groups only.
	 * @param server the server
	 * @return whether it has
	 */
	boolean isConnected(Server server) throws Exception {
		return switch (server) {
			case KAFKA -> !members().isEmpty();
			case REDIS -> isInRedis();
			case POSTGRESQL -> isInPostgres();
		};
	}

	/**
	 * The members of the groups of this space.
	 * @return group names without prefix, with the number of members
	 */
	Map<String, Integer> members() throws Exception {
		String prefix = this.space.topicPrefix();
		try (Admin admin = Admin
			.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, TestServers.kafka().address()))) {
			Set<String> groups = admin.listGroups()
				.all()
				.get()
				.stream()
				.map(GroupListing::groupId)
				.filter((group) -> group.startsWith(prefix))
				.collect(Collectors.toSet());
			return admin.describeConsumerGroups(groups)
				.all()
				.get()
				.values()
				.stream()
				.collect(Collectors.toMap((group) -> group.groupId().substring(prefix.length()),
						(ConsumerGroupDescription group) -> group.members().size()));
		}
	}

	private boolean isInRedis() {
		RedisClient client = RedisClient.create("redis://127.0.0.1:" + TestServers.redis().port());
		try (StatefulRedisConnection<String, String> connection = client.connect()) {
			return connection.sync().clientList().contains(" name=" + this.space.topicPrefix() + " ");
		}
		finally {
			client.shutdown();
		}
	}

	private boolean isInPostgres() throws SQLException {
		String database = this.space.topicPrefix().replaceFirst("-$", "");
		try (Connection connection = DriverManager.getConnection(TestServers.postgres().url("postgres"),
				LocalPostgres.USER, ""); PreparedStatement query = connection.prepareStatement(CONNECTED)) {
			query.setString(1, database);
			try (ResultSet result = query.executeQuery()) {
				return result.next() && result.getInt(1) > 0;
			}
		}
	}

	@Override
	public void close() {
		this.traps.values().forEach(Tripwire::close);
	}

}
