package io.sitestream.site.cdc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The right to stream, which one process has at a time: an advisory lock of a connection.
 * It ends with its process; a process that has stopped loses it after
 * {@value #PATIENCE_SECONDS} s without a sign of life.
 */
final class StreamLease implements AutoCloseable {

	static final int PATIENCE_SECONDS = 20;

	/** The server ends what takes longer, before the client's socket does. */
	private static final int STATEMENT_SECONDS = 60;

	private final Connection connection;

	private final String name;

	private StreamLease(Connection connection, String name) {
		this.connection = connection;
		this.name = name;
	}

	static StreamLease contend(DatabaseAddress database, String name) throws SQLException {
		Connection connection = database.connect();
		try (Statement statement = connection.createStatement()) {
			statement.execute("SET idle_session_timeout = '%1$ds'; SET idle_in_transaction_session_timeout = '%1$ds'"
				.formatted(PATIENCE_SECONDS));
			statement.execute("SET statement_timeout = '%ds'".formatted(STATEMENT_SECONDS));
			return new StreamLease(connection, name);
		}
		catch (SQLException ex) {
			connection.close();
			throw ex;
		}
	}

	/**
	 * Takes the right if nobody has it; may be asked again.
	 * @return whether it is ours now
	 * @throws SQLException if the database does not answer
	 */
	boolean acquire() throws SQLException {
		try (PreparedStatement statement = this.connection
			.prepareStatement("SELECT pg_try_advisory_lock(hashtextextended('sitestream cdc ' || ?, 0))")) {
			statement.setString(1, this.name);
			try (ResultSet result = statement.executeQuery()) {
				return result.next() && result.getBoolean(1);
			}
		}
	}

	/**
	 * The connection that holds the right: what fails on it ends the right.
	 * @return the connection, which commits by itself
	 */
	Connection connection() {
		return this.connection;
	}

	@Override
	public void close() {
		try {
			this.connection.close();
		}
		catch (SQLException ex) {
			// it is gone already, and the right with it
			return;
		}
	}

}
