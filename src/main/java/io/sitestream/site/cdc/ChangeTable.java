package io.sitestream.site.cdc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.sitestream.platform.ExclusiveEmitter;
import io.sitestream.site.SiteReservation;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Moves changes from the table to the topic, each exactly once: rows are deleted and sent
 * in one database transaction around one Kafka transaction. If the process dies between
 * the two commits, the rows are back, and the mark of the Kafka transaction says that
 * they were sent.
 */
final class ChangeTable {

	/** How much of what waits is moved at once. */
	private static final int MOST_ROWS = 500;

	private static final long MOST_CHARACTERS = 4_000_000;

	private final JdbcClient jdbc;

	private final TransactionOperations transactions;

	ChangeTable(JdbcClient jdbc, TransactionOperations transactions) {
		this.jdbc = jdbc;
		this.transactions = transactions;
	}

	/**
	 * Forgets what the owner before has sent without being able to delete it.
	 * @param streamed the mark that it left
	 */
	void forget(StreamedChanges streamed) {
		delete(streamed.changes());
	}

	/**
	 * Moves the oldest changes that are committed.
	 * @param emitter emits them
	 * @return how many there were
	 */
	int moveOldest(ExclusiveEmitter<StreamedChanges> emitter) {
		return count(this.transactions.execute((status) -> send(takeOldest(), emitter)));
	}

	/**
	 * Moves those of some changes that are still in the table. PostgreSQL tells of a
	 * commit a moment before other transactions can see it: what is not in the table may
	 * have been sent already, or not be visible yet, which the site's lock tells apart.
	 * @param changes the changes, those of one site in order
	 * @param emitter emits them
	 * @return how many there were
	 */
	int move(List<Change> changes, ExclusiveEmitter<StreamedChanges> emitter) {
		return count(this.transactions.execute((status) -> {
			Set<Long> waiting = delete(changes);
			List<Change> unseen = changes.stream().filter((change) -> !waiting.contains(change.changeId())).toList();
			if (!unseen.isEmpty()) {
				SiteReservation.reserve(this.jdbc, unseen.stream().map(Change::siteId).toList());
				waiting.addAll(delete(unseen));
			}
			return send(changes.stream().filter((change) -> waiting.remove(change.changeId())).toList(), emitter);
		}));
	}

	private static int count(@Nullable Integer moved) {
		return (moved != null) ? moved : 0;
	}

	private static int send(List<Change> changes, ExclusiveEmitter<StreamedChanges> emitter) {
		if (!changes.isEmpty()) {
			emitter.emit(changes.stream().map(Change::emission).toList(), StreamedChanges.of(changes));
		}
		return changes.size();
	}

	private Set<Long> delete(List<Change> changes) {
		return delete(StreamedChanges.of(changes).changes());
	}

	private Set<Long> delete(Collection<Long> changeIds) {
		return new HashSet<>(this.jdbc.sql("DELETE FROM site.changes WHERE change_id = ANY(?) RETURNING change_id")
			.param(changeIds.toArray(Long[]::new))
			.query(Long.class)
			.list());
	}

	private List<Change> takeOldest() {
		List<Change> changes = new ArrayList<>(this.jdbc.sql("""
				DELETE FROM site.changes WHERE change_id IN (
				  SELECT change_id FROM (
				    SELECT change_id, sum(length(payload)) OVER (ORDER BY change_id) - length(payload) AS before
				    FROM (SELECT change_id, payload FROM site.changes ORDER BY change_id LIMIT ?) AS oldest) AS sized
				  WHERE coalesce(before, 0) < ?)
				RETURNING change_id, site_id, version, payload, changed_at
				""")
			.param(MOST_ROWS)
			.param(MOST_CHARACTERS)
			.query((row, number) -> new Change(row.getLong("change_id"), row.getString("site_id"),
					row.getLong("version"), row.getString("payload"), row.getTimestamp("changed_at").toInstant()))
			.list());
		changes.sort(Comparator.comparingLong(Change::changeId));
		return changes;
	}

}
