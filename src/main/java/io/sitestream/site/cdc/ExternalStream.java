package io.sitestream.site.cdc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

import io.sitestream.site.cdc.TablePublication.Fault;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.scheduling.annotation.Scheduled;

/**
 * Looks after slot and publication of a Debezium on Kafka Connect. The slot passes over
 * rows that are inserted while the publication does not publish them. One process of all
 * makes the publication right if it may, and in the same transaction appends such rows
 * once more, so that they come through the slot: each at least once, in order.
 */
final class ExternalStream implements AutoCloseable {

	/** A row is inserted a little after the time that it carries. */
	private static final Duration SLACK = Duration.ofSeconds(10);

	private static final Logger log = LoggerFactory.getLogger(ExternalStream.class);

	private final DatabaseAddress database;

	private final ReplicationSlot slot;

	private final TablePublication publication;

	private final SlotProgress progress;

	private @Nullable StreamLease lease;

	private boolean ours;

	private TablePublication.@Nullable Status known;

	private Instant publishedAt = Instant.EPOCH;

	private volatile @Nullable String cause;

	private volatile long slotLag;

	private volatile boolean published;

	ExternalStream(DatabaseAddress database, ReplicationSlot slot, TablePublication publication,
			SlotProgress progress) {
		this.database = database;
		this.slot = slot;
		this.publication = publication;
		this.progress = progress;
	}

	@Scheduled(fixedDelayString = "PT2S")
	synchronized void look() {
		String before = this.cause;
		try {
			StreamLease open = (this.lease != null) ? this.lease
					: StreamLease.contend(this.database, this.slot.name() + " external");
			this.lease = open;
			this.ours = this.ours || open.acquire();
			this.cause = look(open.connection());
		}
		catch (SQLException | RuntimeException ex) {
			this.cause = Objects.requireNonNullElse(ex.getMessage(), ex.toString());
			close();
		}
		String now = this.cause;
		if (now != null && !now.equals(before)) {
			log.warn("site changes: {}", now);
		}
	}

	private @Nullable String look(Connection connection) throws SQLException {
		this.progress.look(connection);
		Instant now = now(connection);
		TablePublication.Status found = this.publication.status(connection);
		this.published = found.fault() == null;
		TablePublication.Status before = this.known;
		if (before == null || !this.ours) {
			this.known = found;
		}
		if (this.ours && (found.fault() != null || (before != null && !before.identity().equals(found.identity())))) {
			appendAgain(connection, found);
		}
		if (this.published) {
			this.publishedAt = now;
		}
		Fault fault = found.fault();
		return (this.published || fault == null) ? slotFault(connection) : this.publication.words(fault)
				+ ": the connector passes over changes, which are sent again when it is made right";
	}

	private @Nullable String slotFault(Connection connection) throws SQLException {
		ReplicationSlot.Status status = this.slot.status(connection).orElse(null);
		this.slotLag = (status != null) ? status.lag() : 0;
		if (status == null || status.isLost()) {
			return "PostgreSQL's replication slot '%s' %s: start the connector, which reads site.changes again then"
				.formatted(this.slot.name(), (status == null) ? "is not there" : "is lost");
		}
		return null;
	}

	/**
	 * Writers wait meanwhile, so that no change comes between the publication and what is
	 * appended again.
	 */
	private void appendAgain(Connection connection, TablePublication.Status found) throws SQLException {
		Fault fault = found.fault();
		if (fault == Fault.MISSING && !wasOurs(connection)) {
			// the connector makes it, with a user of its own
			return;
		}
		connection.setAutoCommit(false);
		try (Statement statement = connection.createStatement()) {
			statement.execute("SET LOCAL lock_timeout = '5s'");
			statement.execute("LOCK TABLE site.changes IN SHARE ROW EXCLUSIVE MODE");
			this.publication.mend(connection, this.publication.status(connection));
			int rows = appendAgain(connection);
			TablePublication.Status now = this.publication.status(connection);
			connection.commit();
			this.known = now;
			this.published = true;
			log.warn("site changes: {}: made right, {} changes are sent again",
					(fault != null) ? this.publication.words(fault) : "PostgreSQL's publication was changed", rows);
		}
		catch (SQLException | RuntimeException ex) {
			connection.rollback();
			throw ex;
		}
		finally {
			connection.setAutoCommit(true);
		}
	}

	private int appendAgain(Connection connection) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement("""
				WITH again AS (DELETE FROM site.changes WHERE changed_at >= ? RETURNING *)
				INSERT INTO site.changes (site_id, version, payload)
				SELECT site_id, version, payload FROM again ORDER BY change_id
				""")) {
			statement.setTimestamp(1, Timestamp.from(this.publishedAt.minus(SLACK)));
			return statement.executeUpdate();
		}
	}

	private boolean wasOurs(Connection connection) throws SQLException {
		TablePublication.Status before = this.known;
		return before != null && before.owner().equals(connection.getMetaData().getUserName());
	}

	private static Instant now(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
			row.next();
			return row.getTimestamp(1).toInstant();
		}
	}

	/**
	 * Whether the publication is right.
	 * @return whether each change that is written comes through the slot
	 */
	boolean isPublished() {
		return this.published;
	}

	/**
	 * What is wrong with slot, publication or database.
	 * @return a sentence, or {@code null}
	 */
	@Nullable String cause() {
		return this.cause;
	}

	long slotLag() {
		return this.slotLag;
	}

	@Override
	public synchronized void close() {
		this.ours = false;
		StreamLease open = this.lease;
		if (open != null) {
			open.close();
			this.lease = null;
		}
	}

}
