package io.sitestream.site.cdc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

import io.sitestream.platform.RefusedStartException;
import io.sitestream.site.cdc.TablePublication.Fault;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The place in PostgreSQL's log up to which changes are streamed, and the publication
 * that says which table. Only who has the {@link StreamLease} touches them.
 */
final class ReplicationSlot {

	private static final Logger log = LoggerFactory.getLogger(ReplicationSlot.class);

	private static final String CANCELLED = "57014";

	private final String name;

	private final TablePublication publication;

	/** Of the publication when the slot was prepared last. */
	private volatile @Nullable String identity;

	ReplicationSlot(String name, String publication) {
		this.name = name;
		this.publication = new TablePublication(publication);
	}

	String name() {
		return this.name;
	}

	String publication() {
		return this.publication.name();
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
	 * Makes publication and slot right unless they are, and takes the slot from a process
	 * that has stopped. After a fault of the publication the slot is made anew: that
	 * waits for the transactions whose rows it would pass over, so that they are in the
	 * table when it is there.
	 * @param connection the connection of the lease
	 * @throws RefusedStartException if an operator has to change something
	 * @throws SQLException if the database does not answer
	 */
	void prepare(Connection connection) throws SQLException {
		check(connection);
		TablePublication.Status published = this.publication.status(connection);
		this.publication.requireOurs(published);
		Optional<Status> found = status(connection);
		if (found.isPresent()) {
			found.get().checkOwner(this.name);
			found.get().end(connection);
			String reason = reasonForAnother(found.get(), published);
			if (reason == null) {
				this.identity = published.identity();
				return;
			}
			log.warn(
					"site changes: replication slot {} is of no more use ({}) and made anew; what waits in site.changes is sent from there.",
					this.name, reason);
			execute(connection, "SELECT pg_drop_replication_slot('%s')".formatted(this.name));
		}
		mend(connection, published);
		make(connection);
		log.info("site changes: made replication slot {}", this.name);
	}

	/**
	 * The lease's connection has a statement_timeout, which the server keeps although
	 * this process stops.
	 */
	private void make(Connection connection) throws SQLException {
		try {
			execute(connection, "SELECT pg_create_logical_replication_slot('%s', 'pgoutput')".formatted(this.name));
		}
		catch (SQLException ex) {
			if (CANCELLED.equals(ex.getSQLState())) {
				throw new SQLException(
						"PostgreSQL did not make replication slot '%s' within %s: it waits for transactions that are under way, see pg_stat_activity."
							.formatted(this.name, text(connection, "SHOW statement_timeout")),
						CANCELLED, ex);
			}
			throw ex;
		}
	}

	private @Nullable String reasonForAnother(Status found, TablePublication.Status published) {
		Fault fault = published.fault();
		if (found.isLost()) {
			return "PostgreSQL removed log that it needs";
		}
		if (fault != null) {
			return this.publication.words(fault);
		}
		String before = this.identity;
		return (before != null && !before.equals(published.identity())) ? "its publication was changed" : null;
	}

	private void mend(Connection connection, TablePublication.Status published) throws SQLException {
		Fault fault = published.fault();
		this.publication.mend(connection, published);
		TablePublication.Status now = this.publication.status(connection);
		if (fault != null) {
			log.info("site changes: {}: made right", this.publication.words(fault));
		}
		this.identity = now.identity();
	}

	/**
	 * Looks whether the publication is right, and the one with which the slot was
	 * prepared. As long as it is, the slot passes over nothing.
	 * @param connection a connection
	 * @throws PublicationChangedException if somebody has changed it, also there and back
	 * @throws SQLException if the database does not answer
	 */
	void requireUnchanged(Connection connection) throws SQLException {
		TablePublication.Status now = this.publication.status(connection);
		Fault fault = now.fault();
		if (fault != null || !now.identity().equals(this.identity)) {
			throw new PublicationChangedException((fault != null) ? this.publication.words(fault)
					: "PostgreSQL's publication of site.changes was changed and changed back");
		}
	}

	/**
	 * How the slot is.
	 * @param connection a connection
	 * @return the status, or nothing if there is no such slot
	 * @throws SQLException if the database does not answer
	 */
	Optional<Status> status(Connection connection) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(
				"""
						SELECT coalesce(plugin, 'none') AS plugin, coalesce(database, 'none') AS database, coalesce(active_pid, 0) AS pid, coalesce(wal_status, '') AS wal,
						coalesce(database = current_database(), false) AS ours,
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

	private static String text(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
			return row.next() ? String.valueOf(row.getString(1)) : "";
		}
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
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
