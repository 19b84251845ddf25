package io.sitestream.platform.redis;

import java.util.List;
import java.util.Properties;

import io.sitestream.platform.ModuleSelection;
import io.sitestream.platform.RefusedStartException;
import io.sitestream.platform.Server;
import io.sitestream.platform.modules.ConditionalOnServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.stereotype.Component;

/**
 * Refuses a Redis that evicts keys. A projection or a channel's log that loses a key by
 * itself would be wrong without a word, where a full Redis that refuses writes only makes
 * the functions wait.
 *
 * @see <a href="https://redis.io/docs/latest/develop/reference/eviction/">Redis, key
 * eviction</a>
 */
@Component
@ConditionalOnServer(Server.REDIS)
class EvictionCheck implements SmartLifecycle {

	private static final Logger log = LoggerFactory.getLogger(EvictionCheck.class);

	private static final String POLICY = "maxmemory_policy";

	private static final String ALLOWED = "noeviction";

	/** The modules that write Redis; a reader takes it as it is. */
	private static final List<String> WRITERS = List.of("appswriter", "notification");

	private final RedisConnectionFactory connections;

	private final ModuleSelection selection;

	private volatile boolean running;

	EvictionCheck(RedisConnectionFactory connections, ModuleSelection selection) {
		this.connections = connections;
		this.selection = selection;
	}

	/** Before the bindings. */
	@Override
	public int getPhase() {
		return Integer.MIN_VALUE + 600;
	}

	@Override
	public void start() {
		this.running = true;
		if (WRITERS.stream().noneMatch(this.selection::includes)) {
			return;
		}
		try (RedisConnection connection = this.connections.getConnection()) {
			check(connection.serverCommands().info("memory"));
		}
		catch (DataAccessException ex) {
			log.warn("Redis does not say whether it evicts keys: {}", ex.toString());
		}
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/**
	 * Checks every node: those of a cluster answer with their address before the name.
	 */
	private static void check(Properties memory) {
		for (String name : memory.stringPropertyNames()) {
			String policy = memory.getProperty(name);
			if (name.endsWith(POLICY) && !ALLOWED.equals(policy)) {
				throw new RefusedStartException(
						"Redis has maxmemory-policy '%s', expected is '%s': with anything else it drops keys by itself, and answers would be wrong. Set it with CONFIG SET maxmemory-policy %s."
							.formatted(policy, ALLOWED, ALLOWED));
			}
		}
	}

}
