package io.sitestream.site;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.sitestream.platform.RecordFormat;
import io.sitestream.site.Republishing.State;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * How far the republishing is, in PostgreSQL, where it survives the process that sends.
 */
@Repository
class RepublishingStore {

	private static final String COLUMNS = "SELECT run_id, state, total, sent, last_site, ends, started_at, finished_at FROM site.republishing";

	private final JdbcClient jdbc;

	private final RecordFormat format;

	RepublishingStore(JdbcClient jdbc, RecordFormat format) {
		this.jdbc = jdbc;
		this.format = format;
	}

	/**
	 * Begins a run.
	 * @param runId names it
	 * @param now when it begins
	 * @return whether it was begun; not so while another one runs
	 */
	boolean start(String runId, Instant now) {
		return this.jdbc.sql("""
				INSERT INTO site.republishing (run_id, state, total, sent, ends, started_at, sent_at)
				SELECT ?, 'RUNNING', count(*), 0, ?, ?, '-infinity' FROM site.site WHERE metadata IS NOT NULL
				ON CONFLICT (only_row) DO UPDATE SET run_id = excluded.run_id, state = excluded.state,
				  total = excluded.total, sent = 0, last_site = NULL, ends = excluded.ends,
				  started_at = excluded.started_at, finished_at = NULL, sent_at = excluded.sent_at
				WHERE site.republishing.state <> 'RUNNING'
				""").param(runId).param(json(Map.of())).param(Timestamp.from(now)).update() > 0;
	}

	boolean cancel(Instant now) {
		return this.jdbc
			.sql("UPDATE site.republishing SET state = 'CANCELLED', finished_at = ? WHERE state = 'RUNNING'")
			.param(Timestamp.from(now))
			.update() > 0;
	}

	Optional<Republishing> find() {
		return this.jdbc.sql(COLUMNS).query(this::read).optional();
	}

	/**
	 * Locks the run for the caller's transaction, if there is one to go on with.
	 * @return the run, unless another instance has it, or had it less than a second ago
	 */
	Optional<Republishing> lockDue() {
		return this.jdbc
			.sql(COLUMNS + " WHERE state = 'RUNNING' AND sent_at <= now() - interval '900 ms' FOR UPDATE SKIP LOCKED")
			.query(this::read)
			.optional();
	}

	void save(Republishing run) {
		this.jdbc
			.sql("""
					UPDATE site.republishing SET state = ?, sent = ?, last_site = ?, ends = ?, finished_at = ?, sent_at = now()
					WHERE run_id = ?
					""")
			.param(run.state().name())
			.param(run.sent())
			.param(run.lastSite())
			.param(json(run.ends()))
			.param((run.finishedAt() != null) ? Timestamp.from(run.finishedAt()) : null)
			.param(run.runId())
			.update();
	}

	/**
	 * Existing sites in the order of their ids.
	 * @param after the site before the first, or {@code null}
	 * @param most how many at most
	 * @return their ids
	 */
	List<String> sites(@Nullable String after, int most) {
		return this.jdbc
			.sql("SELECT site_id FROM site.site WHERE site_id > ? AND metadata IS NOT NULL ORDER BY site_id LIMIT ?")
			.param((after != null) ? after : "")
			.param(most)
			.query((row, number) -> row.getString("site_id"))
			.list();
	}

	private Republishing read(ResultSet row, int number) throws SQLException {
		Timestamp finished = row.getTimestamp("finished_at");
		return new Republishing(row.getString("run_id"), State.valueOf(row.getString("state")), row.getLong("total"),
				row.getLong("sent"), row.getString("last_site"),
				this.format.read(row.getString("ends").getBytes(UTF_8), Ends.class).byPartition(),
				row.getTimestamp("started_at").toInstant(), (finished != null) ? finished.toInstant() : null);
	}

	private String json(Map<Integer, Long> ends) {
		return new String(this.format.write(new Ends(ends)), UTF_8);
	}

	private record Ends(Map<Integer, Long> byPartition) {

	}

}
