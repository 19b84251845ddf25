package io.sitestream.contactjobs.tracking;

import java.time.Instant;

import io.sitestream.contactjobs.ContactImportEvent;
import io.sitestream.contactjobs.ContactImportEvent.ImportBatchCompleted;
import io.sitestream.contactjobs.ContactImportEvent.ImportBroken;
import io.sitestream.contactjobs.ContactImportEvent.ImportCut;
import io.sitestream.contactjobs.ContactImportEvent.ImportStarted;

/**
 * What each event does to an import, state by state. The order of batches plays no role,
 * and an event that was folded before changes nothing:
 *
 * <pre>
 *             started    batch                     cut                       broken
 * (unknown)   RUNNING    –                         –                         –
 * RUNNING     repeated   counted, maybe COMPLETED  totals, maybe COMPLETED   FAILED
 * COMPLETED   repeated   repeated                  repeated                  repeated
 * FAILED      repeated   counted, not told         repeated                  repeated
 * </pre>
 *
 * It is COMPLETED when the outcomes add up to the rows of a file that was read to its
 * end.
 */
final class ImportFold {

	private ImportFold() {
	}

	/**
	 * Folds an event.
	 * @param before the import
	 * @param event what happened
	 * @return the import after it; the same object if the event changes nothing
	 */
	static TrackedImport apply(TrackedImport before, ContactImportEvent event) {
		return switch (before.contactImport().state()) {
			case RUNNING -> running(before, event);
			case COMPLETED -> before;
			case FAILED -> failed(before, event);
		};
	}

	private static TrackedImport running(TrackedImport before, ContactImportEvent event) {
		ContactImport now = before.contactImport();
		return switch (event) {
			case ImportStarted again -> before;
			case ImportBatchCompleted batch when before.completedBatches().contains(batch.batch()) -> before;
			case ImportBatchCompleted batch -> before.next(before.completedBatches().with(batch.batch()),
					completedIfAccountedFor(now.counting(batch.outcomes()), batch.at()));
			case ImportCut again when now.rows().total() != null -> before;
			case ImportCut cut -> before.next(before.completedBatches(),
					completedIfAccountedFor(now.cut(cut.rows(), cut.batches()), cut.at()));
			case ImportBroken broken ->
				before.next(before.completedBatches(), now.failed(broken.problem(), broken.at()));
		};
	}

	private static TrackedImport failed(TrackedImport before, ContactImportEvent event) {
		if (event instanceof ImportBatchCompleted batch && !before.completedBatches().contains(batch.batch())) {
			return before.silently(before.completedBatches().with(batch.batch()),
					before.contactImport().counting(batch.outcomes()));
		}
		return before;
	}

	private static ContactImport completedIfAccountedFor(ContactImport contactImport, Instant at) {
		return contactImport.isAccountedFor() ? contactImport.completed(at) : contactImport;
	}

}
