package io.sitestream;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.sitestream.platform.Needs;
import io.sitestream.platform.Server;
import io.sitestream.servers.LocalPostgres;

/**
 * A place of one's own on the shared servers: a prefix for topics and groups, one for
 * Redis keys, and a database. Several applications that share a space are one system.
 */
public final class TestSpace {

	private static final String CONSUMER = "spring.cloud.stream.kafka.binder.consumer-properties.";

	private final String name = "t" + UUID.randomUUID().toString().replace("-", "").substring(0, 10);

	private final Map<String, String> properties = new LinkedHashMap<>();

	private TestSpace(Set<Server> servers) {
		this.properties.put("sitestream.topics.prefix", this.name + "-");
		this.properties.put("sitestream.redis.prefix", this.name + ":");
		this.properties.put("sitestream.security.mode", "open");
		// replication slots belong to the server, not to a database
		this.properties.put("sitestream.site.cdc.slot", this.name);
		// a killed or stopped process loses its partitions in seconds, not after 45
		this.properties.put(CONSUMER + "session.timeout.ms", "6000");
		this.properties.put(CONSUMER + "heartbeat.interval.ms", "2000");
		servers.forEach(this::connect);
	}

	/**
	 * Makes a new space and starts the servers that it needs.
	 * @param modules feature modules; their servers are started. None, {@code *} and
	 * {@code -name} mean all servers
	 * @return the space
	 */
	public static TestSpace of(String... modules) {
		boolean all = modules.length == 0
				|| Arrays.stream(modules).anyMatch((name) -> name.equals("*") || name.startsWith("-"));
		if (all) {
			return new TestSpace(EnumSet.allOf(Server.class));
		}
		Set<Server> servers = EnumSet.noneOf(Server.class);
		Arrays.stream(modules).map(TestSpace::serversOf).forEach(servers::addAll);
		return new TestSpace(servers);
	}

	/**
	 * Returns what an application must be told to live here, without its modules.
	 * @return properties, among them the addresses of the servers
	 */
	public Map<String, String> properties() {
		return Map.copyOf(this.properties);
	}

	public String topicPrefix() {
		return this.name + "-";
	}

	public String redisPrefix() {
		return this.name + ":";
	}

	private void connect(Server server) {
		switch (server) {
			case KAFKA -> this.properties.put("spring.kafka.bootstrap-servers", TestServers.kafka().address());
			case REDIS -> {
				this.properties.put("spring.data.redis.host", "127.0.0.1");
				this.properties.put("spring.data.redis.port", Integer.toString(TestServers.redis().port()));
			}
			case POSTGRESQL -> {
				TestServers.postgres().createDatabase(this.name);
				this.properties.put("spring.datasource.url", TestServers.postgres().url(this.name));
				this.properties.put("spring.datasource.username", LocalPostgres.USER);
			}
		}
	}

	private static List<Server> serversOf(String module) {
		try {
			Needs needs = Class.forName("io.sitestream." + module + ".package-info")
				.getPackage()
				.getAnnotation(Needs.class);
			return List.of(needs.value());
		}
		catch (ClassNotFoundException | NullPointerException ex) {
			throw new IllegalArgumentException("'%s' is no feature module.".formatted(module), ex);
		}
	}

}
