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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What PostgreSQL may be like. The server is this test's own: it runs out of log.
 */
class ReplicationSlotIntegrationTests {

	private static LocalPostgres server;

	private final ReplicationSlot slot = new ReplicationSlot("probe", "probe");

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
		this.connection.close();
		try (Connection superuser = connect("sites", "postgres")) {
			execute(superuser, "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots",
					"DROP PUBLICATION IF EXISTS probe", "ALTER TABLE site.changes REPLICA IDENTITY DEFAULT",
					"TRUNCATE site.changes");
		}
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
					"PostgreSQL's publication 'probe' is of 'site.other', expected site.changes: name another with sitestream.site.cdc.publication.");

		execute(this.connection, "SELECT pg_drop_replication_slot('probe')",
				"SELECT pg_create_physical_replication_slot('probe')");
		assertThatExceptionOfType(RefusedStartException.class).isThrownBy(() -> prepareOtherwise("free"))
			.withMessage(
					"PostgreSQL's replication slot 'probe' is of database 'none' with plugin 'none', expected pgoutput on this database: name another with sitestream.site.cdc.slot.");

		execute(this.connection, "SELECT pg_drop_replication_slot('probe')",
				"SELECT pg_create_logical_replication_slot('probe', 'test_decoding')");
		assertThatExceptionOfType(RefusedStartException.class).isThrownBy(() -> prepareOtherwise("free"))
			.withMessageContaining("of database 'sites' with plugin 'test_decoding', expected pgoutput");
	}

	@ParameterizedTest
	@ValueSource(strings = { "DROP PUBLICATION probe", "ALTER PUBLICATION probe DROP TABLE site.changes",
			"ALTER PUBLICATION probe SET (publish = 'delete')",
			"ALTER PUBLICATION probe SET TABLE site.changes WHERE (change_id < 0)",
			"ALTER PUBLICATION probe SET TABLE site.changes (change_id)",
			"ALTER PUBLICATION probe SET (publish = 'insert, delete'); ALTER TABLE site.changes REPLICA IDENTITY NOTHING" })
	void publishesEachInsertAgainWhateverWasDoneToThePublication(String fault) throws SQLException {
		this.slot.prepare(this.connection);
		this.slot.requireUnchanged(this.connection);

		execute(this.connection, fault);
		assertThatExceptionOfType(PublicationChangedException.class)
			.isThrownBy(() -> this.slot.requireUnchanged(this.connection))
			.withMessageStartingWith("PostgreSQL's publication 'probe' ");
		this.slot.prepare(this.connection);
		execute(this.connection, "INSERT INTO site.changes VALUES (3, 'x')", "INSERT INTO site.changes VALUES (4, 'x')",
				"DELETE FROM site.changes WHERE change_id = 4");

		this.slot.requireUnchanged(this.connection);
		assertThat(inserts()).isEqualTo("2");
	}

	@Test
	void isMadeAnewWhenItsPublicationWasChangedAndChangedBack() throws SQLException {
		this.slot.prepare(this.connection);
		execute(this.connection, "ALTER PUBLICATION probe DROP TABLE site.changes",
				"INSERT INTO site.changes VALUES (5, 'passed over')", "ALTER PUBLICATION probe ADD TABLE site.changes",
				"INSERT INTO site.changes VALUES (6, 'told')");

		assertThatExceptionOfType(PublicationChangedException.class)
			.isThrownBy(() -> this.slot.requireUnchanged(this.connection))
			.withMessage(
					"PostgreSQL's publication of site.changes was changed and changed back: changes that were not published meanwhile are sent from site.changes.");
		this.slot.prepare(this.connection);

		assertThat(inserts()).as("both are sent from the table").isEqualTo("0");
	}

	@Test
	void saysThatMakingItWaitsForATransaction() throws SQLException {
		try (Connection writer = connect("sites", LocalPostgres.USER);
				StreamLease lease = StreamLease
					.contend(new DatabaseAddress(server.url("sites"), LocalPostgres.USER, ""), "probe")) {
			assertThat(ask(lease.connection(), "SHOW statement_timeout")).isEqualTo("1min");
			writer.setAutoCommit(false);
			execute(writer, "INSERT INTO site.changes VALUES (10, 'x')");
			execute(lease.connection(), "SET statement_timeout = '1s'");

			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> this.slot.prepare(lease.connection()))
				.withMessage(
						"PostgreSQL did not make replication slot 'probe' within 1s: it waits for transactions that are under way, see pg_stat_activity.");
			writer.rollback();
			this.slot.prepare(lease.connection());
		}
	}

	@Test
	void takesAPublicationThatHasMoreThanItNeeds() throws SQLException {
		try (Connection superuser = connect("sites", "postgres")) {
			execute(superuser, "CREATE PUBLICATION probe FOR ALL TABLES");
			this.slot.prepare(this.connection);
			execute(this.connection, "INSERT INTO site.changes VALUES (7, 'x')");
			assertThat(inserts()).isEqualTo("1");

			execute(superuser, "DROP PUBLICATION probe", "CREATE PUBLICATION probe FOR TABLE site.changes, site.other");
			this.slot.prepare(this.connection);
			execute(this.connection, "INSERT INTO site.changes VALUES (8, 'x')");
			assertThat(inserts()).isEqualTo("1");

			execute(superuser, "DROP PUBLICATION probe", "CREATE PUBLICATION probe FOR TABLES IN SCHEMA site");
			this.slot.prepare(this.connection);
			execute(this.connection, "INSERT INTO site.changes VALUES (9, 'x')");
			assertThat(inserts()).isEqualTo("1");
			execute(superuser, "ALTER PUBLICATION probe DROP TABLES IN SCHEMA site",
					"ALTER PUBLICATION probe ADD TABLES IN SCHEMA site");
			assertThatExceptionOfType(PublicationChangedException.class)
				.isThrownBy(() -> this.slot.requireUnchanged(this.connection));
		}
	}

	@Test
	void saysWhatAnOperatorHasToDoAboutAPublicationThatItsUserMayNotChange() throws SQLException {
		try (Connection superuser = connect("sites", "postgres")) {
			execute(superuser, "CREATE PUBLICATION probe FOR TABLE site.changes WITH (publish = 'update')");
			assertRefused("publishes no inserts", "ERROR: must be owner of publication probe", "'postgres'",
					"ALTER PUBLICATION \"probe\" SET (publish = 'insert')");

			execute(superuser, "ALTER PUBLICATION probe DROP TABLE site.changes");
			assertRefused("does not have the table site.changes", "ERROR: must be owner of publication probe",
					"'postgres'", "ALTER PUBLICATION \"probe\" ADD TABLE site.changes");

			execute(superuser, "DROP PUBLICATION probe", "CREATE PUBLICATION probe FOR ALL TABLES WITH (publish = '')");
			assertRefused("publishes no inserts", "it is of 'all tables' too", "'postgres'",
					"ALTER PUBLICATION \"probe\" SET (publish = 'insert')");

			execute(superuser, "DROP PUBLICATION probe", "ALTER DATABASE sites OWNER TO postgres");
			assertRefused("is not there", "ERROR: permission denied for database sites",
					"a user with CREATE on the database",
					"CREATE PUBLICATION \"probe\" FOR TABLE site.changes WITH (publish = 'insert')");
			execute(superuser, "ALTER DATABASE sites OWNER TO sitestream");
			this.slot.prepare(this.connection);
		}
	}

	private void assertRefused(String fault, String why, String user, String statement) {
		assertThatExceptionOfType(RefusedStartException.class).isThrownBy(() -> this.slot.prepare(this.connection))
			.withMessage(
					"PostgreSQL's publication 'probe' %s, and user 'sitestream' does not change that (%s). Run as %s: %s. Or name another with sitestream.site.cdc.publication. What is written meanwhile waits in site.changes.",
					fault, why, user, statement);
	}

	private void prepareOtherwise(String publication) throws SQLException {
		new ReplicationSlot("probe", publication).prepare(this.connection);
	}

	private String inserts() throws SQLException {
		return ask(this.connection,
				"SELECT count(*) FROM pg_logical_slot_get_binary_changes('probe', NULL, NULL, 'proto_version', '1', 'publication_names', 'probe') WHERE get_byte(data, 0) = ascii('I')");
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
