package io.sitestream.servers;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ServersIntegrationTests {

	@TempDir
	Path folder;

	@Test
	void kafkaKeepsItsTopicsOverARestart() throws Exception {
		try (LocalKafka kafka = new LocalKafka(this.folder, Ports.free())) {
			kafka.start();
			try (Admin admin = admin(kafka)) {
				admin.createTopics(List.of(new NewTopic("kept", 3, (short) 1))).all().get(30, TimeUnit.SECONDS);
			}

			kafka.stop();
			assertThat(Ports.isFree(kafka.port())).isTrue();
			kafka.start();

			try (Admin admin = admin(kafka)) {
				assertThat(admin.listTopics().names().get(30, TimeUnit.SECONDS)).contains("kept");
			}
		}
	}

	@Test
	void redisKeepsItsKeysOverARestart() {
		try (LocalRedis redis = new LocalRedis(this.folder, Ports.free());
				RedisClient client = RedisClient.create("redis://" + redis.address())) {
			redis.start();
			try (StatefulRedisConnection<String, String> connection = client.connect()) {
				connection.sync().set("kept", "yes");
			}

			redis.stop();
			assertThat(Ports.isFree(redis.port())).isTrue();
			redis.start();

			try (StatefulRedisConnection<String, String> connection = client.connect()) {
				assertThat(connection.sync().get("kept")).isEqualTo("yes");
			}
		}
	}

	@Test
	void postgresKeepsItsRowsOverARestart() throws Exception {
		try (LocalPostgres postgres = new LocalPostgres(this.folder, Ports.free())) {
			postgres.start();
			postgres.createDatabase("kept");
			try (Connection connection = connect(postgres)) {
				connection.createStatement().execute("CREATE TABLE kept AS SELECT 42 AS answer");
			}

			postgres.stop();
			assertThat(Ports.isFree(postgres.port())).isTrue();
			postgres.start();
			postgres.createDatabase("kept");

			try (Connection connection = connect(postgres);
					ResultSet rows = connection.createStatement().executeQuery("SELECT answer FROM kept")) {
				assertThat(rows.next()).isTrue();
				assertThat(rows.getInt("answer")).isEqualTo(42);
			}
		}
	}

	private static Admin admin(LocalKafka kafka) {
		return Admin.create(Map.of("bootstrap.servers", kafka.address()));
	}

	private static Connection connect(LocalPostgres postgres) throws Exception {
		return DriverManager.getConnection(postgres.url("kept"), LocalPostgres.USER, "");
	}

}
