package io.sitestream.site.cdc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

import io.sitestream.TestServers;
import io.sitestream.platform.RefusedStartException;
import io.sitestream.servers.LocalPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What PostgreSQL may be like. The server is this test's own: it runs out of log.
 */
class ReplicationSlotIntegrationTests {

	private static LocalPostgres server;

	private final ReplicationSlot slot = new ReplicationSlot("probe");

	private Connection connection;

	@BeforeAll
	static void startServer() throws SQLException {
		server = TestServers.separatePostgres(Map.of("max_slot_wal_keep_size", "1MB", "wal_keep_size", "0"));
		server.createDatabase("sites");
		server.createDatabase("others");
		try (Connection connection = connect("sites", LocalPostgres.USER)) {
			execute(connection, "CREATE SCHEMA site",
					"CREATE TABLE site.changes (change_id bigint PRIMARY KEY, payload text)",
					"CREATE TABLE site.other (id bigint)");
		}
	}

	@AfterAll
	static void stopServer() {
		server.stop();
	}

	@BeforeEach
	void connect() throws SQLException {
		this.connection = connect("sites", LocalPostgres.USER);
	}

	@AfterEach
	void disconnect() throws SQLException {
		execute(this.connection, "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots",
				"DROP PUBLICATION IF EXISTS probe");
		this.connection.close();
	}

	@Test
	void isMadeOnceForTheTableOfChangesAlone() throws SQLException {
		this.slot.prepare(this.connection);
		execute(this.connection, "INSERT INTO site.changes VALUES (1, 'x')");
		long lag = this.slot.status(this.connection).orElseThrow().lag();

		this.slot.prepare(this.connection);

		assertThat(this.slot.status(this.connection).orElseThrow().lag()).as("not made anew")
			.isGreaterThanOrEqualTo(lag);
		assertThat(ask(this.connection, "SELECT schemaname || '.' || tablename FROM pg_publication_tables"))
			.isEqualTo("site.changes");
		assertThat(ask(this.connection, "SELECT pubinsert AND NOT pubupdate AND NOT pubdelete FROM pg_publication"))
			.isEqualTo("t");
	}

	@Test
	void isMadeAnewWhenTheServerHasRemovedLogThatItNeeds() throws SQLException {
		this.slot.prepare(this.connection);
		try (Connection superuser = connect("postgres", "postgres")) {
			await().atMost(Duration.ofSeconds(60)).until(() -> {
				execute(superuser, "SELECT pg_switch_wal()", "CREATE TABLE IF NOT EXISTS filler (id int)",
						"CHECKPOINT");
				return this.slot.status(this.connection).orElseThrow().isLost();
			});
		}

		this.slot.prepare(this.connection);

		assertThat(this.slot.status(this.connection).orElseThrow().isLost()).isFalse();
	}

	@Test
	void isMadeAnewWhenItsPublicationIsGone() throws SQLException {
		this.slot.prepare(this.connection);
		execute(this.connection, "DROP PUBLICATION probe", "INSERT INTO site.changes VALUES (2, 'x')");

		this.slot.prepare(this.connection);

		assertThat(ask(this.connection, "SELECT count(*) FROM pg_publication")).isEqualTo("1");
		assertThat(ask(this.connection,
				"SELECT count(*) FROM pg_logical_slot_peek_binary_changes('probe', NULL, NULL, 'proto_version', '1', 'publication_names', 'probe')"))
			.as("changes from before the publication cannot be decoded")
			.isEqualTo("0");
	}

	@Test
	void refusesASlotOrAPublicationOfSomebodyElse() throws SQLException {
		try (Connection others = connect("others", LocalPostgres.USER)) {
			execute(others, "SELECT pg_create_logical_replication_slot('probe', 'pgoutput')");
		}
		assertThatExceptionOfType(RefusedStartException.class).isThrownBy(() -> this.slot.prepare(this.connection))
			.withMessage(
					"PostgreSQL's replication slot 'probe' is of database 'others' with plugin 'pgoutput', expected pgoutput on this database: name another with sitestream.site.cdc.slot.");

		execute(this.connection, "CREATE PUBLICATION probe FOR TABLE site.other");
		assertThatExceptionOfType(RefusedStartException.class).isThrownBy(() -> this.slot.prepare(this.connection))
			.withMessage(
					"PostgreSQL's publication 'probe' is of 'site.other', expected site.changes alone: name another with sitestream.site.cdc.slot.");
	}

	@Test
	void refusesAUserThatMayNotReplicate() throws SQLException {
		try (Connection superuser = connect("postgres", "postgres")) {
			execute(superuser, "CREATE ROLE plain LOGIN");
		}
		try (Connection plain = connect("sites", "plain")) {
			assertThatExceptionOfType(RefusedStartException.class).isThrownBy(() -> this.slot.check(plain))
				.withMessage(
						"PostgreSQL's user 'plain' may not replicate, but sitestream.site.write-path=cdc needs it: ALTER ROLE \"plain\" REPLICATION.");
		}
	}

	@Test
	void refusesAServerWithoutLogicalLog() throws SQLException {
		LocalPostgres replica = TestServers.separatePostgres(Map.of("wal_level", "replica"));
		try (Connection connection = DriverManager.getConnection(replica.url("postgres"), "postgres", "")) {
			assertThatExceptionOfType(RefusedStartException.class).isThrownBy(() -> this.slot.check(connection))
				.withMessageStartingWith(
						"PostgreSQL has wal_level 'replica', but sitestream.site.write-path=cdc needs 'logical':");
		}
		finally {
			replica.stop();
		}
	}

	private static Connection connect(String database, String user) throws SQLException {
		return DriverManager.getConnection(server.url(database), user, "");
	}

	private static void execute(Connection connection, String... statements) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
	}

	private static String ask(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); var row = statement.executeQuery(sql)) {
			return row.next() ? String.valueOf(row.getString(1)) : "";
		}
	}

}
