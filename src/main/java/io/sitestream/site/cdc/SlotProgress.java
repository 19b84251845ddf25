package io.sitestream.site.cdc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

/**
 * Up to which time changes were confirmed by somebody else's slot: it has confirmed a
 * place in the log, and each look remembers where the log was at what time.
 */
final class SlotProgress {

	/** Some hours of looks; after that the newest one is moved on. */
	private static final int MOST_MARKS = 5_000;

	private final String slot;

	private final Duration patience;

	private final Deque<Mark> marks = new ArrayDeque<>();

	private @Nullable Instant begin;

	private volatile @Nullable Instant confirmed;

	/**
	 * Knows nothing at first.
	 * @param slot the slot
	 * @param patience how long it may confirm nothing before all changes count as not
	 * confirmed
	 */
	SlotProgress(String slot, Duration patience) {
		this.slot = slot;
		this.patience = patience;
	}

	void look(Connection connection) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement("""
				SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint AS written, clock_timestamp() AS at,
				(SELECT pg_wal_lsn_diff(confirmed_flush_lsn, '0/0')::bigint FROM pg_replication_slots
				WHERE slot_name = ?) AS confirmed
				""")) {
			statement.setString(1, this.slot);
			try (ResultSet row = statement.executeQuery()) {
				row.next();
				remember(new Mark(row.getLong("written"), row.getTimestamp("at").toInstant()),
						row.getLong("confirmed"));
			}
		}
	}

	private void remember(Mark now, long position) {
		Instant first = (this.begin != null) ? this.begin : now.at();
		this.begin = first;
		if (this.marks.size() == MOST_MARKS) {
			this.marks.removeLast();
		}
		this.marks.addLast(now);
		for (Mark mark = this.marks.peekFirst(); mark != null
				&& mark.lsn() <= position; mark = this.marks.peekFirst()) {
			this.confirmed = mark.at();
			this.marks.removeFirst();
		}
		if (this.confirmed == null && now.at().isAfter(first.plus(this.patience))) {
			this.confirmed = Instant.EPOCH;
		}
	}

	/**
	 * The time, by the database's clock.
	 * @return changes that were committed before were confirmed; {@code null} as long as
	 * nothing is known
	 */
	@Nullable Instant confirmed() {
		return this.confirmed;
	}

	/**
	 * Where the log was.
	 *
	 * @param lsn the place
	 * @param at when
	 */
	private record Mark(long lsn, Instant at) {

	}

}
