package io.sitestream.contactimporter;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import com.zaxxer.hikari.HikariDataSource;
import io.sitestream.SitestreamTest;
import io.sitestream.TestServers;
import io.sitestream.platform.RefusedStartException;
import io.sitestream.servers.LocalPostgres;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Databases that were there before the process. */
@SitestreamTest(modules = { "contactjobs", "contactimporter" })
class ContactDatabaseIntegrationTests {

	@Autowired
	Flyway flyway;

	@Autowired
	FlywayMigrationStrategy migrations;

	@Test
	void areMigratedHoweverLongThatTakes() throws SQLException {
		TestServers.postgres().createDatabase("contacts_of_the_release_before");
		try (HikariDataSource patient = pool("contacts_of_the_release_before", "");
				HikariDataSource impatient = pool("contacts_of_the_release_before",
						"SET statement_timeout = '3s'; SET lock_timeout = '3s'; SET idle_in_transaction_session_timeout = '3s'")) {
			this.migrations.migrate(Flyway.configure()
				.configuration(this.flyway.getConfiguration())
				.dataSource(patient)
				.target("4")
				.load());
			JdbcClient jdbc = JdbcClient.create(patient);
			jdbc.sql(
					"insert into contacts.contact (contact_id, account, version, emails, phones, labels, addresses) values ('c', 'ada', 1, jsonb_build_array(normalize('é@example.org', NFD)), '[]', '[]', '[]')")
				.update();
			CompletableFuture<Void> migrated;
			try (Connection other = patient.getConnection(); Statement statement = other.createStatement()) {
				other.setAutoCommit(false);
				statement.execute("select * from contacts.contact for update");

				migrated = CompletableFuture.runAsync(() -> this.migrations.migrate(
						Flyway.configure().configuration(this.flyway.getConfiguration()).dataSource(impatient).load()));

				await().atMost(Duration.ofSeconds(60)).until(() -> migrated.isDone() || waitsLongerThanAllowed(jdbc));
				other.rollback();
			}
			migrated.join();
			assertThat(jdbc.sql("select emails ->> 0 from contacts.contact").query(String.class).single())
				.isEqualTo("é@example.org");
		}
	}

	private static boolean waitsLongerThanAllowed(JdbcClient jdbc) {
		return jdbc.sql(
				"select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and clock_timestamp() - query_start > interval '5 s')")
			.query(Boolean.class)
			.single();
	}

	@Test
	void areRefusedInAnotherEncoding() {
		TestServers.postgres().createDatabase("contacts_in_ascii", "SQL_ASCII");
		try (HikariDataSource ascii = pool("contacts_in_ascii", "")) {
			EncodingCheck check = new EncodingCheck(JdbcClient.create(ascii));

			assertThatExceptionOfType(RefusedStartException.class).isThrownBy(check::start)
				.withMessageStartingWith("The database has the encoding SQL_ASCII, expected is UTF8: ");
			assertThat(check.isRunning()).isFalse();
		}
	}

	private static HikariDataSource pool(String database, String initially) {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(TestServers.postgres().url(database));
		pool.setUsername(LocalPostgres.USER);
		pool.setMaximumPoolSize(4);
		if (!initially.isEmpty()) {
			pool.setConnectionInitSql(initially);
		}
		return pool;
	}

}
