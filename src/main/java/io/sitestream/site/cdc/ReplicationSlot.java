package io.sitestream.site.cdc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

import io.sitestream.platform.RefusedStartException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The place in PostgreSQL's log up to which changes are streamed, and the publication
 * that says which table. Only who has the {@link StreamLease} touches them.
 */
final class ReplicationSlot {

	private static final Logger log = LoggerFactory.getLogger(ReplicationSlot.class);

	private final String name;

	ReplicationSlot(String name) {
		this.name = name;
	}

	String name() {
		return this.name;
	}

	/**
	 * Looks whether this server and this user can stream at all.
	 * @param connection a connection
	 * @throws RefusedStartException if they cannot, with what an operator has to change
	 * @throws SQLException if the database does not answer
	 */
	void check(Connection connection) throws SQLException {
		String level = text(connection, "SHOW wal_level");
		if (!level.equals("logical")) {
			throw new RefusedStartException(
					"PostgreSQL has wal_level '%s', but sitestream.site.write-path=cdc needs 'logical': set it in postgresql.conf and restart the server, or take the write path consumer."
						.formatted(level));
		}
		if (!text(connection,
				"""
						SELECT rolsuper OR rolreplication OR EXISTS (SELECT FROM pg_roles managed
						WHERE managed.rolname IN ('rds_replication', 'rds_superuser') AND pg_has_role(current_user, managed.oid, 'member'))
						FROM pg_roles WHERE rolname = current_user
						""")
			.equals("t")) {
			String user = text(connection, "SELECT current_user");
			throw new RefusedStartException(
					"PostgreSQL's user '%s' may not replicate, but sitestream.site.write-path=cdc needs it: ALTER ROLE \"%s\" REPLICATION."
						.formatted(user, user));
		}
	}

	/**
	 * Makes publication and slot unless they are there and of use, and takes the slot
	 * from a process that has stopped.
	 * @param connection the connection of the lease
	 * @throws RefusedStartException if an operator has to change something
	 * @throws SQLException if the database does not answer
	 */
	void prepare(Connection connection) throws SQLException {
		check(connection);
		boolean published = hasPublication(connection);
		Optional<Status> found = status(connection);
		if (found.isPresent()) {
			found.get().checkOwner(this.name);
			found.get().end(connection);
			if (published && !found.get().isLost()) {
				return;
			}
			log.warn(
					"site changes: replication slot {} is of no more use ({}) and made anew; what waits in site.changes is sent from there.",
					this.name, published ? "PostgreSQL removed log that it needs" : "its publication is gone");
			execute(connection, "SELECT pg_drop_replication_slot('%s')".formatted(this.name));
		}
		if (!published) {
			execute(connection,
					"CREATE PUBLICATION \"%s\" FOR TABLE site.changes WITH (publish = 'insert')".formatted(this.name));
		}
		execute(connection, "SELECT pg_create_logical_replication_slot('%s', 'pgoutput')".formatted(this.name));
		log.info("site changes: made replication slot {}", this.name);
	}

	/**
	 * How the slot is.
	 * @param connection a connection
	 * @return the status, or nothing if there is no such slot
	 * @throws SQLException if the database does not answer
	 */
	Optional<Status> status(Connection connection) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement("""
				SELECT plugin, database, coalesce(active_pid, 0) AS pid, coalesce(wal_status, '') AS wal,
				database = current_database() AS ours,
				coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn), 0) AS lag
				FROM pg_replication_slots WHERE slot_name = ?
				""")) {
			statement.setString(1, this.name);
			try (ResultSet row = statement.executeQuery()) {
				return row.next()
						? Optional.of(new Status(row.getString("plugin"), row.getString("database"),
								row.getBoolean("ours"), row.getInt("pid"), row.getString("wal"), row.getLong("lag")))
						: Optional.empty();
			}
		}
	}

	private boolean hasPublication(Connection connection) throws SQLException {
		String tables = text(connection, """
				SELECT coalesce(string_agg(schemaname || '.' || tablename, ', '), '') FROM pg_publication_tables
				WHERE pubname = '%s'
				""".formatted(this.name));
		if (!tables.isEmpty() && !tables.equals("site.changes")) {
			throw new RefusedStartException(
					"PostgreSQL's publication '%s' is of '%s', expected site.changes alone: name another with sitestream.site.cdc.slot."
						.formatted(this.name, tables));
		}
		return !tables.isEmpty();
	}

	private static String text(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
			return row.next() ? String.valueOf(row.getString(1)) : "";
		}
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			// making a slot waits for transactions that are under way
			statement.setQueryTimeout(60);
			statement.execute(sql);
		}
	}

	/**
	 * How a slot is.
	 *
	 * @param plugin its output plugin
	 * @param database the database that it belongs to
	 * @param isOurs whether that is the one that we are connected to
	 * @param pid the server process that streams from it, or 0
	 * @param wal {@code lost} if the server removed log that it needs
	 * @param lag bytes of log that it has not confirmed
	 */
	record Status(String plugin, String database, boolean isOurs, int pid, String wal, long lag) {

		boolean isLost() {
			return this.wal.equals("lost");
		}

		private void checkOwner(String slot) {
			if (!this.isOurs || !this.plugin.equals("pgoutput")) {
				throw new RefusedStartException(
						"PostgreSQL's replication slot '%s' is of database '%s' with plugin '%s', expected pgoutput on this database: name another with sitestream.site.cdc.slot."
							.formatted(slot, this.database, this.plugin));
			}
		}

		private void end(Connection connection) throws SQLException {
			if (this.pid != 0) {
				text(connection, "SELECT pg_terminate_backend(%d, 5000)".formatted(this.pid));
			}
		}

	}

}
