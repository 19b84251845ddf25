package io.sitestream.contactimporter;

import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

import io.sitestream.contactjobs.ContactImportEvent.ImportForgotten;
import io.sitestream.contactjobs.ImportForgetRequested;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Forgets imports whose time is over: outcomes, rejected rows, and what an undo would
 * need. Contacts stay as they are. Asked again, it answers again. What it answers is
 * true: while it keeps something of an import it gives no answer, so that the import
 * stays known and its id is not taken again.
 */
@Component
class ImportForgetting {

	private static final List<String> TABLES = List.of("imported_contact", "imported_file", "rejected_row",
			"batch_undo", "batch_outcome");

	private static final int AT_A_TIME = 10_000;

	private final JdbcClient jdbc;

	private final Clock clock;

	ImportForgetting(JdbcClient jdbc, Clock clock) {
		this.jdbc = jdbc;
		this.clock = clock;
	}

	/**
	 * Forgets an import.
	 * @param request which one is meant
	 * @return the answer, or empty if a batch was stored after the import that is meant
	 * had ended: by a later import, or by the same one after it had failed, which is then
	 * asked for again with a later time
	 */
	Optional<ImportForgotten> forget(ImportForgetRequested request) {
		if (isStoredLater(request)) {
			return Optional.empty();
		}
		TABLES.forEach((table) -> empty(table, request.importId()));
		return Optional.of(new ImportForgotten(request.importId(), request.finishedBefore(), this.clock.instant()));
	}

	/**
	 * Deletes some rows at a time, so that no statement is longer than is allowed,
	 * however large the import was.
	 */
	private void empty(String table, String importId) {
		int deleted;
		do {
			deleted = this.jdbc.sql("""
					delete from contacts.%1$s where ctid = any (array(
					    select ctid from contacts.%1$s where import_id = ? limit ?))
					""".formatted(table)).param(importId).param(AT_A_TIME).update();
		}
		while (deleted == AT_A_TIME);
	}

	private boolean isStoredLater(ImportForgetRequested request) {
		return this.jdbc.sql("select exists (select from contacts.batch_outcome where import_id = ? and stored_at > ?)")
			.param(request.importId())
			.param(Timestamp.from(request.finishedBefore()))
			.query(Boolean.class)
			.single();
	}

}
