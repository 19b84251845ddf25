package io.sitestream.site.cdc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;

import org.jspecify.annotations.Nullable;

/**
 * What is known about the publication, in the database: a process that starts while the
 * publication is broken, or after it was, knows since when changes were passed over. Only
 * who has the {@link StreamLease} writes it.
 */
final class PublicationWatch {

	/** Writers wait for one chunk at most. */
	private static final int CHUNK = 5_000;

	private final String publication;

	PublicationWatch(String publication) {
		this.publication = publication;
	}

	@Nullable Known known(Connection connection) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement("""
				SELECT owner, identity, again_after IS NOT NULL AS pending, clock_timestamp() AS at
				FROM site.publication_watch WHERE publication = ?
				""")) {
			statement.setString(1, this.publication);
			try (ResultSet row = statement.executeQuery()) {
				return row.next() ? new Known(row.getString("owner"), row.getString("identity"),
						row.getBoolean("pending"), row.getTimestamp("at")) : null;
			}
		}
	}

	/**
	 * Begins to watch. A publication that is right counts as right until now; with one
	 * that is not, all changes count as passed over.
	 * @param connection the connection of the lease
	 * @param found the publication
	 * @throws SQLException if the database does not answer
	 */
	void begin(Connection connection, TablePublication.Status found) throws SQLException {
		update(connection, """
				INSERT INTO site.publication_watch (owner, identity, published_at, publication)
				VALUES (?, ?, CASE WHEN ? THEN clock_timestamp() ELSE 'epoch' END, ?)
				""", found.owner(), found.identity(), found.fault() == null, this.publication);
	}

	/**
	 * Remembers now and then that the publication was right.
	 * @param connection the connection of the lease
	 * @param at when
	 * @throws SQLException if the database does not answer
	 */
	void published(Connection connection, Timestamp at) throws SQLException {
		update(connection, """
				UPDATE site.publication_watch SET published_at = ?
				WHERE publication = ? AND published_at < clock_timestamp() - interval '10 s'
				""", at, this.publication);
	}

	/**
	 * From now on the publication is right again, and what it has not published is to be
	 * appended again. Part of the caller's transaction.
	 * @param connection the connection of the lease
	 * @param now the publication
	 * @throws SQLException if the database does not answer
	 */
	void mended(Connection connection, TablePublication.Status now) throws SQLException {
		update(connection,
				"UPDATE site.publication_watch SET owner = ?, identity = ?, again_after = '' WHERE publication = ?",
				now.owner(), now.identity(), this.publication);
	}

	/**
	 * Appends again what was passed over of some sites, of each site all of it and also
	 * what was published since: so the newest version of a site comes last. A row is
	 * inserted a little after the time that it carries.
	 * @param connection the connection of the lease
	 * @return how many changes were appended; 0 when all are
	 * @throws SQLException if the database does not answer
	 */
	int appendAgain(Connection connection) throws SQLException {
		connection.setAutoCommit(false);
		try {
			lock(connection);
			int rows = update(connection, """
					WITH watch AS (SELECT again_after, published_at - interval '10 s' AS since
					  FROM site.publication_watch WHERE publication = ?),
					chunk AS (SELECT c.site_id FROM site.changes c, watch w WHERE c.changed_at >= w.since
					  AND c.site_id > w.again_after ORDER BY c.site_id LIMIT ?),
					again AS (DELETE FROM site.changes c USING watch w WHERE c.changed_at >= w.since
					  AND c.site_id > w.again_after AND c.site_id <= (SELECT max(site_id) FROM chunk)
					  RETURNING c.change_id, c.site_id, c.version, c.payload),
					done AS (UPDATE site.publication_watch SET again_after = (SELECT max(site_id) FROM chunk)
					  WHERE publication = ?)
					INSERT INTO site.changes (site_id, version, payload)
					SELECT site_id, version, payload FROM again ORDER BY change_id
					""", this.publication, CHUNK, this.publication);
			connection.commit();
			return rows;
		}
		catch (SQLException | RuntimeException ex) {
			connection.rollback();
			throw ex;
		}
		finally {
			connection.setAutoCommit(true);
		}
	}

	/**
	 * Waits for writers that are under way, and lets others wait until the transaction
	 * ends.
	 * @param connection the connection of the lease
	 * @throws SQLException if a writer takes too long
	 */
	static void lock(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("SET LOCAL lock_timeout = '5s'");
			statement.execute("LOCK TABLE site.changes IN SHARE ROW EXCLUSIVE MODE");
		}
	}

	private static int update(Connection connection, String sql, Object... parameters) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			for (int i = 0; i < parameters.length; i++) {
				statement.setObject(i + 1, parameters[i]);
			}
			return statement.executeUpdate();
		}
	}

	/**
	 * What is known.
	 *
	 * @param owner whose the publication was last
	 * @param identity of the publication when it was right last, or found
	 * @param pending whether changes are still to be appended again
	 * @param at when this was asked, by the database's clock
	 */
	record Known(String owner, String identity, boolean pending, Timestamp at) {

	}

}
