package io.sitestream.site.cdc;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Deletes changes that somebody else streams, when the slot has confirmed them: those
 * that were old when the log was where the slot is by now.
 */
class ChangeRetention {

	private static final int CHUNK = 5_000;

	private static final Logger log = LoggerFactory.getLogger(ChangeRetention.class);

	private final JdbcClient jdbc;

	private final String slot;

	private final Duration kept;

	private final BooleanSupplier published;

	private @Nullable Mark mark;

	/**
	 * Deletes in the database.
	 * @param jdbc the database
	 * @param properties say which slot, and how long changes are kept
	 * @param published whether all changes come through the slot: else it confirms what
	 * it has passed over
	 */
	ChangeRetention(JdbcClient jdbc, ChangeStreamProperties properties, BooleanSupplier published) {
		this.published = published;
		this.jdbc = jdbc;
		this.slot = properties.slot();
		this.kept = properties.retention();
	}

	/**
	 * Deletes what was confirmed since the last call, and remembers where the log is.
	 * @return how many rows were deleted
	 */
	@Scheduled(fixedDelayString = "PT1M")
	int deleteConfirmed() {
		if (!this.published.getAsBoolean()) {
			return 0;
		}
		Mark before = this.mark;
		int deleted = 0;
		if (before != null && isConfirmed(before)) {
			deleted = deleteBefore(before.at().minus(this.kept));
			log.debug("site changes: deleted {} that replication slot {} has confirmed", deleted, this.slot);
		}
		if (before == null || isConfirmed(before)) {
			this.mark = this.jdbc.sql("SELECT pg_current_wal_lsn()::text AS lsn, clock_timestamp() AS at")
				.query((row, number) -> new Mark(row.getString("lsn"), row.getTimestamp("at").toInstant()))
				.single();
		}
		return deleted;
	}

	/**
	 * Deletes a chunk at a time, each in a transaction of its own: what was done stays
	 * done, however much has piled up.
	 */
	private int deleteBefore(Instant time) {
		int deleted = 0;
		int chunk;
		do {
			chunk = this.jdbc.sql("""
					DELETE FROM site.changes WHERE change_id IN
					(SELECT change_id FROM site.changes WHERE changed_at < ? ORDER BY changed_at LIMIT ?)
					""").param(Timestamp.from(time)).param(CHUNK).update();
			deleted += chunk;
		}
		while (chunk == CHUNK);
		return deleted;
	}

	private boolean isConfirmed(Mark mark) {
		return this.jdbc
			.sql("SELECT count(*) FROM pg_replication_slots WHERE slot_name = ? AND confirmed_flush_lsn >= ?::pg_lsn")
			.param(this.slot)
			.param(mark.lsn())
			.query(Long.class)
			.single() > 0;
	}

	/**
	 * Where the log was.
	 *
	 * @param lsn the place
	 * @param at when, by the database's clock
	 */
	private record Mark(String lsn, Instant at) {

	}

}
