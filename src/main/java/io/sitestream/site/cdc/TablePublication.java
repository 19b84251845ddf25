package io.sitestream.site.cdc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import io.sitestream.platform.RefusedStartException;
import org.jspecify.annotations.Nullable;

/**
 * The publication, which says what of {@code site.changes} comes through the slot.
 * PostgreSQL asks it when it decodes, and passes over what it does not publish then: such
 * rows never come through the slot, whatever the publication says later.
 */
final class TablePublication {

	private static final String NOT_ALLOWED = "42501";

	private static final String SCHEMAS = "SELECT oid, xmin, pnpubid, pnnspid FROM pg_publication_namespace";

	/** A publication is of tables alone before PostgreSQL 15. */
	private static final String NO_SCHEMAS = "SELECT NULL::oid AS oid, NULL::xid AS xmin, NULL::oid AS pnpubid, NULL::oid AS pnnspid";

	private static final String STATUS = """
			WITH schemas AS (%s)
			SELECT pg_get_userbyid(p.pubowner) AS owner, p.pubinsert AS inserts,
			  (p.pubupdate OR p.pubdelete) AND t.relreplident = 'n' AS unidentified,
			  p.puballtables OR r.oid IS NOT NULL OR s.oid IS NOT NULL AS published,
			  to_jsonb(r) ->> 'prqual' IS NOT NULL AS filtered, to_jsonb(r) ->> 'prattrs' IS NOT NULL AS cut,
			  CASE WHEN p.puballtables THEN 'all tables' ELSE (SELECT string_agg(o.name, ', ') FROM (
			      SELECT prrelid::regclass::text AS name FROM pg_publication_rel WHERE prpubid = p.oid AND prrelid IS DISTINCT FROM t.oid
			      UNION ALL SELECT 'schema ' || pnnspid::regnamespace::text FROM schemas WHERE pnpubid = p.oid) o) END AS others,
			  concat(p.oid, '/', p.xmin, ' ', r.oid, '/', r.xmin, ' ', s.oid, '/', s.xmin) AS identity
			FROM pg_publication p
			LEFT JOIN pg_class t ON t.oid = to_regclass('site.changes')
			LEFT JOIN pg_publication_rel r ON r.prpubid = p.oid AND r.prrelid = t.oid
			LEFT JOIN schemas s ON s.pnpubid = p.oid AND s.pnnspid = t.relnamespace
			WHERE p.pubname = ?
			""";

	private final String name;

	TablePublication(String name) {
		this.name = name;
	}

	String name() {
		return this.name;
	}

	/**
	 * How the publication is at this moment.
	 * @param connection a connection
	 * @return the status
	 * @throws SQLException if the database does not answer
	 */
	Status status(Connection connection) throws SQLException {
		String schemas = (connection.getMetaData().getDatabaseMajorVersion() < 15) ? NO_SCHEMAS : SCHEMAS;
		try (PreparedStatement statement = connection.prepareStatement(STATUS.formatted(schemas))) {
			statement.setString(1, this.name);
			try (ResultSet row = statement.executeQuery()) {
				if (!row.next()) {
					return new Status("", Fault.MISSING, null, "");
				}
				return new Status(row.getString("owner"), fault(row), row.getString("others"),
						row.getString("identity"));
			}
		}
	}

	private static @Nullable Fault fault(ResultSet row) throws SQLException {
		if (!row.getBoolean("published")) {
			return Fault.EMPTY;
		}
		if (row.getBoolean("filtered") || row.getBoolean("cut")) {
			return Fault.PARTIAL;
		}
		if (!row.getBoolean("inserts")) {
			return Fault.WITHOUT_INSERTS;
		}
		return row.getBoolean("unidentified") ? Fault.UNDELETABLE : null;
	}

	/**
	 * Says what is wrong.
	 * @param fault what is wrong
	 * @return a sentence without its full stop
	 */
	String words(Fault fault) {
		return "PostgreSQL's publication '%s' %s".formatted(this.name, fault.words);
	}

	/**
	 * Refuses a publication that has other tables but not ours: it belongs to somebody
	 * else.
	 * @param status how it is
	 * @throws RefusedStartException if it does
	 */
	void requireOurs(Status status) {
		if (status.fault() == Fault.EMPTY && status.others() != null) {
			throw new RefusedStartException(
					"PostgreSQL's publication '%s' is of '%s', expected site.changes: name another with sitestream.site.cdc.publication."
						.formatted(this.name, status.others()));
		}
	}

	/**
	 * Makes the publication right, so that each insert into the table is published from
	 * now on.
	 * @param connection a connection
	 * @param status how it was found
	 * @throws RefusedStartException if an operator has to do it, with the statement
	 * @throws SQLException if the database does not answer
	 */
	void mend(Connection connection, Status status) throws SQLException {
		Fault fault = status.fault();
		if (fault == null) {
			return;
		}
		requireOurs(status);
		String sql = fault.cure.formatted(this.name);
		if (status.others() != null && (fault == Fault.WITHOUT_INSERTS || fault == Fault.UNDELETABLE)) {
			throw refused(connection, status, fault, sql, "it is of '%s' too".formatted(status.others()));
		}
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			if (NOT_ALLOWED.equals(ex.getSQLState())) {
				throw refused(connection, status, fault, sql, ex.getMessage());
			}
			throw ex;
		}
	}

	private RefusedStartException refused(Connection connection, Status status, Fault fault, String sql, String why)
			throws SQLException {
		String user = connection.getMetaData().getUserName();
		return new RefusedStartException(
				"%s, and user '%s' does not change that (%s). Run as %s: %s. Or name another with sitestream.site.cdc.publication. What is written meanwhile waits in site.changes."
					.formatted(words(fault), user, why, (fault == Fault.MISSING) ? "a user with CREATE on the database"
							: "'%s'".formatted(status.owner()), sql));
	}

	/**
	 * How a publication is.
	 *
	 * @param owner its owner
	 * @param fault why not every insert into the table is published, or {@code null}
	 * @param others which other tables or whole schemas it is of, or {@code null}
	 * @param identity changes whenever somebody changes the publication, also there and
	 * back
	 */
	record Status(String owner, @Nullable Fault fault, @Nullable String others, String identity) {

	}

	/** What is wrong with a publication, and what makes it right. */
	enum Fault {

		MISSING("is not there", "CREATE PUBLICATION \"%s\" FOR TABLE site.changes WITH (publish = 'insert')"),

		EMPTY("does not have the table site.changes", "ALTER PUBLICATION \"%s\" ADD TABLE site.changes"),

		PARTIAL("has site.changes with a row filter or a list of columns",
				"ALTER PUBLICATION \"%1$s\" DROP TABLE site.changes; ALTER PUBLICATION \"%1$s\" ADD TABLE site.changes"),

		WITHOUT_INSERTS("publishes no inserts", "ALTER PUBLICATION \"%s\" SET (publish = 'insert')"),

		UNDELETABLE(
				"publishes deletes, which keeps rows of site.changes, without a replica identity, from being deleted",
				"ALTER PUBLICATION \"%s\" SET (publish = 'insert')");

		private final String words;

		private final String cure;

		Fault(String words, String cure) {
			this.words = words;
			this.cure = cure;
		}

	}

}
