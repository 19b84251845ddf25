package io.sitestream.contactimporter;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.sitestream.contactimporter.OutcomeLedger.RejectedRow;
import io.sitestream.contactimporter.rows.ContactRow;
import io.sitestream.contactimporter.rows.EmailAddress;
import io.sitestream.contactimporter.rows.ListField;
import io.sitestream.contactimporter.rows.RejectedRowException;
import io.sitestream.contactimporter.rows.RowReader;
import io.sitestream.contactimporter.ContactHistory.Step;
import io.sitestream.contactjobs.ContactImportEvent;
import io.sitestream.contactjobs.ContactImportEvent.ImportBatchCompleted;
import io.sitestream.contactjobs.ContactImportTopics;
import io.sitestream.contactjobs.ImportBatch;
import io.sitestream.contactjobs.ImportBatchRequested;
import io.sitestream.contactjobs.ImportBatchUndoRequested;
import io.sitestream.contactjobs.ImportForgetRequested;
import io.sitestream.contactjobs.RowOutcomes;
import io.sitestream.platform.Consumed;
import io.sitestream.platform.Emission;
import io.sitestream.platform.TimeOrderedIds;

import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Stores batches, each in one database transaction: its contacts, its rejected rows and
 * its outcome. A batch that is delivered again repeats its recorded answer.
 */
@Component
class BatchImporter {

	private final ContactStore store;

	private final ContactHistory history;

	private final BatchUndo undo;

	private final ImportForgetting forgetting;

	private final OutcomeLedger ledger;

	private final TransactionOperations transaction;

	private final TimeOrderedIds ids;

	private final Clock clock;

	BatchImporter(ContactStore store, ContactHistory history, BatchUndo undo, ImportForgetting forgetting,
			OutcomeLedger ledger, TransactionOperations transaction, TimeOrderedIds ids, Clock clock) {
		this.store = store;
		this.history = history;
		this.undo = undo;
		this.forgetting = forgetting;
		this.ledger = ledger;
		this.transaction = transaction;
		this.ids = ids;
		this.clock = clock;
	}

	List<Emission> on(List<Consumed<ImportBatch>> batches) {
		return batches.stream().flatMap((consumed) -> {
			Optional<? extends ContactImportEvent> answer = switch (consumed.required()) {
				case ImportBatchRequested batch -> Optional.of(store(batch));
				case ImportBatchUndoRequested request -> Optional.of(this.undo.undo(request));
				case ImportForgetRequested request -> this.forgetting.forget(request);
			};
			return answer.map((event) -> emission(event).causedBy(consumed)).stream();
		}).toList();
	}

	private static Emission emission(ContactImportEvent event) {
		return Emission.of(ContactImportTopics.CONTACT_IMPORT_EVENTS, event.importId(), event);
	}

	ContactImportEvent store(ImportBatchRequested batch) {
		Judged judged = judge(batch);
		return Objects.requireNonNull(this.transaction.execute((status) -> {
			this.store.lock(batch.account());
			return this.ledger.find(batch.importId(), batch.batch()).orElseGet(() -> store(batch, judged));
		}));
	}

	private ImportBatchCompleted store(ImportBatchRequested batch, Judged judged) {
		List<Contact> known = this.store.find(batch.account(), judged.emails(), judged.phones());
		ContactBook book = new ContactBook(known, this.history.marks(batch.importId(), known), batch.onDuplicate(),
				this.ids::next);
		Map<RowOutcome, Long> counts = new EnumMap<>(RowOutcome.class);
		judged.good().forEach((row) -> counts.merge(book.take(row), 1L, Long::sum));
		this.store.save(batch.account(), book.changed());
		this.history.save(batch.importId(), batch.batch(), Step.of(known, book));
		RowOutcomes outcomes = new RowOutcomes(counts.getOrDefault(RowOutcome.CREATED, 0L),
				counts.getOrDefault(RowOutcome.UPDATED, 0L), counts.getOrDefault(RowOutcome.UNCHANGED, 0L),
				counts.getOrDefault(RowOutcome.SKIPPED, 0L), judged.rejected().size());
		ImportBatchCompleted answer = new ImportBatchCompleted(batch.importId(), batch.batch(), outcomes,
				this.clock.instant().truncatedTo(ChronoUnit.MICROS));
		this.ledger.record(batch, answer, judged.rejected());
		return answer;
	}

	private static Judged judge(ImportBatchRequested batch) {
		RowReader reader = new RowReader(batch.understood(), batch.defaultRegion());
		List<ContactRow> good = new ArrayList<>(batch.rows().size());
		List<RejectedRow> rejected = new ArrayList<>();
		long number = batch.firstRow();
		for (List<String> cells : batch.rows()) {
			try {
				good.add(reader.read(number, cells));
			}
			catch (RejectedRowException ex) {
				rejected.add(new RejectedRow(number, cells, ex.getMessage()));
			}
			number++;
		}
		return new Judged(good, rejected);
	}

	/**
	 * The rows of a batch, told apart.
	 *
	 * @param good rows to store
	 * @param rejected rows with a bad value
	 */
	private record Judged(List<ContactRow> good, List<RejectedRow> rejected) {

		Set<String> emails() {
			Set<String> emails = new HashSet<>();
			this.good.forEach((row) -> row.values()
				.list(ListField.EMAILS)
				.forEach((email) -> emails.add(EmailAddress.key(email))));
			return emails;
		}

		/**
		 * The numbers by which rows are matched: those of rows without an e-mail.
		 */
		Set<String> phones() {
			return this.good.stream()
				.filter((row) -> row.values().list(ListField.EMAILS).isEmpty())
				.flatMap((row) -> row.values().list(ListField.PHONES).stream())
				.collect(Collectors.toSet());
		}

	}

}
