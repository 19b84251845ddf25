package io.sitestream.contactimporter;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import io.sitestream.contactimporter.ContactHistory.Change;
import io.sitestream.contactjobs.ContactImportEvent.ImportBatchFailed;
import io.sitestream.contactjobs.ContactImportEvent.ImportBatchUndone;
import io.sitestream.contactjobs.ImportBatchUndoRequested;

import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Undoes batches, each in one database transaction: contacts that the import made are
 * removed, others get their values from before, and those that somebody has edited since
 * stay as they are. A contact that several batches changed belongs to the one that came
 * upon it first. A request that is delivered again repeats its recorded answer.
 */
@Component
class BatchUndo {

	private final ContactStore store;

	private final ContactHistory history;

	private final OutcomeLedger ledger;

	private final TransactionOperations transaction;

	private final Clock clock;

	BatchUndo(ContactStore store, ContactHistory history, OutcomeLedger ledger, TransactionOperations transaction,
			Clock clock) {
		this.store = store;
		this.history = history;
		this.ledger = ledger;
		this.transaction = transaction;
		this.clock = clock;
	}

	ImportBatchUndone undo(ImportBatchUndoRequested request) {
		return Objects.requireNonNull(this.transaction.execute((status) -> {
			this.store.lock(request.account());
			return this.ledger.findUndone(request.importId(), request.batch()).orElseGet(() -> undone(request));
		}));
	}

	private ImportBatchUndone undone(ImportBatchUndoRequested request) {
		String importId = request.importId();
		List<Change> changes = this.history.changes(importId, request.batch());
		Map<String, Contact> contacts = new HashMap<>();
		this.store.findAll(request.account(), changes.stream().map(Change::contactId).toList())
			.forEach((contact) -> contacts.put(contact.contactId(), contact));
		List<String> removed = new ArrayList<>();
		List<Contact> restored = new ArrayList<>();
		long kept = 0;
		for (Change change : changes) {
			Optional<Contact> untouched = Optional.ofNullable(contacts.get(change.contactId()))
				.filter((contact) -> !change.edited() && contact.version() == change.afterVersion());
			if (untouched.isEmpty()) {
				kept++;
			}
			else if (change.before().isEmpty()) {
				removed.add(change.contactId());
			}
			else {
				Contact contact = untouched.get().changed(change.before().get());
				restored.add(contact);
				this.history.rebase(change, contact.version());
			}
		}
		this.store.replace(request.account(), restored);
		this.store.remove(removed);
		this.history.forget(importId, request.batch());
		ImportBatchUndone answer = new ImportBatchUndone(importId, request.batch(), removed.size(), restored.size(),
				kept, this.clock.instant().truncatedTo(ChronoUnit.MICROS));
		this.ledger.record(answer);
		if (this.ledger.find(importId, request.batch()).isEmpty()) {
			// should the batch come after all, it is not stored
			this.ledger.record(new ImportBatchFailed(importId, request.batch(), answer.at()));
		}
		return answer;
	}

}
