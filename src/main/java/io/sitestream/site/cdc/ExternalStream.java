package io.sitestream.site.cdc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;

import io.sitestream.site.cdc.TablePublication.Fault;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.scheduling.annotation.Scheduled;

/**
 * Looks after slot and publication of a Debezium on Kafka Connect. The slot passes over
 * rows that are inserted while the publication does not publish them. One process of all
 * makes the publication right if it may, and then appends such rows once more, so that
 * they come through the slot: each at least once, of each site the newest last.
 */
final class ExternalStream implements AutoCloseable {

	/** So that a process can stop in between. */
	private static final int CHUNKS_A_LOOK = 10;

	private static final Logger log = LoggerFactory.getLogger(ExternalStream.class);

	private final DatabaseAddress database;

	private final ReplicationSlot slot;

	private final TablePublication publication;

	private final PublicationWatch watch;

	private final SlotProgress progress;

	private @Nullable StreamLease lease;

	private boolean ours;

	private volatile @Nullable String cause;

	private volatile long slotLag;

	private volatile boolean published;

	ExternalStream(DatabaseAddress database, ReplicationSlot slot, TablePublication publication,
			SlotProgress progress) {
		this.database = database;
		this.slot = slot;
		this.publication = publication;
		this.watch = new PublicationWatch(publication.name());
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
		PublicationWatch.Known known = this.watch.known(connection);
		TablePublication.Status found = this.publication.status(connection);
		this.published = isPublished(known, found);
		if (this.ours && known == null) {
			this.watch.begin(connection, found);
		}
		else if (this.ours && known != null) {
			tend(connection, known, found);
		}
		Fault fault = this.publication.status(connection).fault();
		return (fault == null) ? slotFault(connection) : this.publication.words(fault)
				+ ": the connector passes over changes, which are sent again when it is made right";
	}

	private static boolean isPublished(PublicationWatch.@Nullable Known known, TablePublication.Status found) {
		return found.fault() == null
				&& (known == null || (!known.pending() && known.identity().equals(found.identity())));
	}

	private void tend(Connection connection, PublicationWatch.Known known, TablePublication.Status found)
			throws SQLException {
		if (isPublished(known, found)) {
			this.watch.published(connection, known.at());
			return;
		}
		if (found.fault() != null || !known.identity().equals(found.identity())) {
			if (found.fault() == Fault.MISSING && !known.owner().equals(connection.getMetaData().getUserName())) {
				// the connector makes it, with a user of its own
				return;
			}
			mend(connection, found);
		}
		appendAgain(connection);
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
	 * Whoever may not change the publication fails before writers have to wait.
	 */
	private void mend(Connection connection, TablePublication.Status found) throws SQLException {
		connection.setAutoCommit(false);
		try {
			this.publication.mend(connection, found);
			PublicationWatch.lock(connection);
			this.watch.mended(connection, this.publication.status(connection));
			connection.commit();
		}
		catch (SQLException | RuntimeException ex) {
			connection.rollback();
			throw ex;
		}
		finally {
			connection.setAutoCommit(true);
		}
		Fault fault = found.fault();
		log.warn("site changes: {}: made right, what it has not published is sent again",
				(fault != null) ? this.publication.words(fault) : "PostgreSQL's publication was changed");
	}

	private void appendAgain(Connection connection) throws SQLException {
		for (int chunk = 0; chunk < CHUNKS_A_LOOK; chunk++) {
			int rows = this.watch.appendAgain(connection);
			if (rows == 0) {
				log.info("site changes: all that the publication had not published is appended again");
				return;
			}
			log.info("site changes: {} changes are sent again", rows);
		}
	}

	/**
	 * Whether the publication is right, and has been.
	 * @return whether each change that was written comes through the slot
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
