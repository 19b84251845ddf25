package io.sitestream.contactimporter;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import io.sitestream.contactjobs.ContactImportEvent;
import io.sitestream.contactjobs.ContactImportEvent.ImportBatchCompleted;
import io.sitestream.contactjobs.ContactImportEvent.ImportBatchFailed;
import io.sitestream.contactjobs.ContactImportEvent.ImportBatchUndone;
import io.sitestream.contactjobs.ImportBatchRequested;
import io.sitestream.contactjobs.RowOutcomes;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What became of every batch and of every row that was rejected. An answer that stands
 * here is the answer for ever.
 */
@Component
class OutcomeLedger {

	private final JdbcClient jdbc;

	private final JsonColumns json;

	OutcomeLedger(JdbcClient jdbc, JsonColumns json) {
		this.jdbc = jdbc;
		this.json = json;
	}

	Optional<ContactImportEvent> find(String importId, int batch) {
		return this.jdbc.sql("""
				select unreadable, created, updated, unchanged, skipped, rejected, stored_at
				from contacts.batch_outcome where import_id = ? and batch = ?
				""").param(importId).param(batch).query((row, number) -> answer(importId, batch, row)).optional();
	}

	private static ContactImportEvent answer(String importId, int batch, ResultSet row) throws SQLException {
		Instant at = row.getTimestamp("stored_at").toInstant();
		if (row.getBoolean("unreadable")) {
			return new ImportBatchFailed(importId, batch, at);
		}
		return new ImportBatchCompleted(importId, batch, new RowOutcomes(row.getLong("created"), row.getLong("updated"),
				row.getLong("unchanged"), row.getLong("skipped"), row.getLong("rejected")), at);
	}

	void record(ImportBatchFailed answer) {
		this.jdbc.sql("""
				insert into contacts.batch_outcome
				    (import_id, batch, created, updated, unchanged, skipped, rejected, stored_at, unreadable)
				values (?, ?, 0, 0, 0, 0, 0, ?, true)
				""").param(answer.importId()).param(answer.batch()).param(Timestamp.from(answer.at())).update();
	}

	void record(ImportBatchRequested batch, ImportBatchCompleted answer, List<RejectedRow> rejected) {
		this.jdbc.sql(
				"insert into contacts.imported_file (import_id, account, columns) values (?, ?, ?::jsonb) on conflict do nothing")
			.param(batch.importId())
			.param(batch.account())
			.param(this.json.write(batch.columns()))
			.update();
		RowOutcomes outcomes = answer.outcomes();
		this.jdbc.sql("""
				insert into contacts.batch_outcome
				    (import_id, batch, created, updated, unchanged, skipped, rejected, stored_at)
				values (?, ?, ?, ?, ?, ?, ?, ?)
				""")
			.param(answer.importId())
			.param(answer.batch())
			.param(outcomes.created())
			.param(outcomes.updated())
			.param(outcomes.unchanged())
			.param(outcomes.skipped())
			.param(outcomes.rejected())
			.param(Timestamp.from(answer.at()))
			.update();
		if (!rejected.isEmpty()) {
			record(batch.importId(), rejected);
		}
	}

	private void record(String importId, List<RejectedRow> rejected) {
		this.jdbc.sql("""
				insert into contacts.rejected_row (import_id, row_number, cells, error)
				select ?, x.row_number, x.cells::jsonb, x.error
				from unnest(?::bigint[], ?::text[], ?::text[]) as x(row_number, cells, error)
				""")
			.param(importId)
			.param(rejected.stream().map(RejectedRow::number).toArray(Long[]::new))
			.param(rejected.stream().map((row) -> this.json.write(storable(row.cells()))).toArray(String[]::new))
			.param(rejected.stream().map(RejectedRow::error).toArray(String[]::new))
			.update();
	}

	Optional<ImportBatchUndone> findUndone(String importId, int batch) {
		return this.jdbc
			.sql("select removed, restored, kept, undone_at from contacts.batch_undo where import_id = ? and batch = ?")
			.param(importId)
			.param(batch)
			.query((row, number) -> new ImportBatchUndone(importId, batch, row.getLong("removed"),
					row.getLong("restored"), row.getLong("kept"), row.getTimestamp("undone_at").toInstant()))
			.optional();
	}

	void record(ImportBatchUndone answer) {
		this.jdbc.sql(
				"insert into contacts.batch_undo (import_id, batch, removed, restored, kept, undone_at) values (?, ?, ?, ?, ?, ?)")
			.param(answer.importId())
			.param(answer.batch())
			.param(answer.removed())
			.param(answer.restored())
			.param(answer.kept())
			.param(Timestamp.from(answer.at()))
			.update();
	}

	/** PostgreSQL's texts hold every character but one, and no halves of characters. */
	private static List<String> storable(List<String> cells) {
		return cells.stream().map((cell) -> cell.replace('\0', '\uFFFD').replaceAll("\\p{Cs}", "\uFFFD")).toList();
	}

	/**
	 * A row that was rejected.
	 *
	 * @param number its number in the file, from 1
	 * @param cells its cells as they were
	 * @param error why
	 */
	record RejectedRow(long number, List<String> cells, String error) {

	}

}
