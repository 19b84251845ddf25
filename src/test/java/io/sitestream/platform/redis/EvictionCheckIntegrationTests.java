package io.sitestream.platform.redis;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import io.sitestream.TestServers;
import io.sitestream.platform.ModuleSelection;
import io.sitestream.platform.RefusedStartException;
import io.sitestream.platform.Server;
import io.sitestream.servers.LocalRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EvictionCheckIntegrationTests {

	private static LocalRedis redis;

	private static LettuceConnectionFactory connections;

	@BeforeAll
	static void connect() {
		redis = TestServers.separateRedis();
		connections = new LettuceConnectionFactory("127.0.0.1", redis.port());
		connections.afterPropertiesSet();
		connections.start();
	}

	@AfterAll
	static void disconnect() {
		connections.destroy();
		redis.stop();
	}

	@Test
	void refusesARedisThatDropsKeysByItself() {
		policy("allkeys-lru");

		assertThatExceptionOfType(RefusedStartException.class).isThrownBy(() -> start("appswriter"))
			.withMessage(
					"Redis has maxmemory-policy 'allkeys-lru', expected is 'noeviction': with anything else it drops keys by itself, and answers would be wrong. Set it with CONFIG SET maxmemory-policy noeviction.");
		assertThatExceptionOfType(RefusedStartException.class).isThrownBy(() -> start("notification"));
	}

	@Test
	void takesARedisThatKeepsItsKeys() {
		policy("noeviction");

		assertThat(start("appswriter").isRunning()).isTrue();
	}

	@Test
	void leavesTheQuestionToThoseWhoWrite() {
		policy("volatile-ttl");

		assertThat(start("appsreader").isRunning()).isTrue();
	}

	private static EvictionCheck start(String module) {
		EvictionCheck check = new EvictionCheck(connections, new ModuleSelection(Set.of(module), Set.of("projection"),
				Map.of(), Set.of(), EnumSet.of(Server.REDIS)));
		check.start();
		return check;
	}

	private static void policy(String policy) {
		try (RedisConnection connection = connections.getConnection()) {
			connection.serverCommands().setConfig("maxmemory-policy", policy);
		}
	}

}
