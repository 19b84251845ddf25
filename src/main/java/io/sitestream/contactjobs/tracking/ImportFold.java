package io.sitestream.contactjobs.tracking;

import java.time.Instant;

import io.sitestream.contactjobs.ContactImportEvent;
import io.sitestream.contactjobs.ContactImportEvent.ImportBatchCompleted;
import io.sitestream.contactjobs.ContactImportEvent.ImportBatchFailed;
import io.sitestream.contactjobs.ContactImportEvent.ImportBroken;
import io.sitestream.contactjobs.ContactImportEvent.ImportCut;
import io.sitestream.contactjobs.ContactImportEvent.ImportBatchUndone;
import io.sitestream.contactjobs.ContactImportEvent.ImportExpired;
import io.sitestream.contactjobs.ContactImportEvent.ImportForgotten;
import io.sitestream.contactjobs.ContactImportEvent.ImportStarted;
import io.sitestream.contactjobs.ContactImportEvent.ImportUndoRequested;
import io.sitestream.contactjobs.ContactImportEvent.ImportUploadContinued;
import io.sitestream.contactjobs.tracking.ContactImport.State;

/**
 * What each event does to an import, state by state. The order of batches plays no role,
 * and an event that was folded before changes nothing:
 *
 * <pre>
 *             started    batch                     cut                       broken     undo       batch undone
 * (unknown)   RUNNING    –                         –                         –          –          –
 * RUNNING     repeated   counted, maybe COMPLETED  totals, maybe COMPLETED   FAILED     –          –
 * COMPLETED   repeated   repeated                  repeated                  repeated   UNDOING    –
 * FAILED      repeated   counted, not told         repeated                  repeated   UNDOING    –
 * UNDOING     repeated   counted, not told         repeated                  repeated   repeated   maybe UNDONE
 * UNDONE      repeated   counted, not told         repeated                  repeated   repeated   counted, not told
 * </pre>
 *
 * It is COMPLETED when every batch is answered and the outcomes add up to the rows of a
 * file that was read to its end. A batch that could not be read has an unknown number of
 * rows: then the rows that are missing when every batch is answered are those, and are
 * rejected. An upload of which nothing was heard is broken only if that is still so here,
 * in the log: whoever judged it may have been behind. It is UNDONE when every batch that
 * was answered is undone; one that is answered later, since the upload broke while it was
 * on its way, is undone then.
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
			case COMPLETED, FAILED ->
				(event instanceof ImportUndoRequested undo) ? undo(before, undo) : count(before, event);
			case UNDOING, UNDONE ->
				(event instanceof ImportBatchUndone batch) ? undone(before, batch) : count(before, event);
		};
	}

	private static TrackedImport running(TrackedImport before, ContactImportEvent event) {
		ContactImport now = before.contactImport();
		return switch (event) {
			case ImportStarted again -> before;
			case ImportBatchCompleted batch -> answered(before, batch);
			case ImportBatchFailed batch -> answered(before, batch);
			case ImportCut again when now.rows().total() != null -> before;
			case ImportCut cut -> before.told(end(before, now.cut(cut.rows(), cut.batches()), cut.at()));
			case ImportUndoRequested early -> before;
			case ImportBatchUndone early -> before;
			case ImportBroken late when !before.isUploading() && late.signs() != null -> before;
			case ImportBroken late when late.signs() != null && late.signs() < before.signs() -> before;
			case ImportBroken broken -> before.told(now.failed(broken.problem(), broken.at()));
			case ImportUploadContinued sign -> before.living(sign.signs());
			case ImportExpired early -> before;
			case ImportForgotten early -> before;
		};
	}

	private static TrackedImport undo(TrackedImport before, ImportUndoRequested undo) {
		return undoneIfAll(before.silently(before.contactImport().undoing()));
	}

	private static TrackedImport undone(TrackedImport before, ImportBatchUndone batch) {
		return before.undoneBatches().contains(batch.batch()) ? before : undoneIfAll(before.undoing(batch.batch(),
				before.contactImport().countingUndo(batch.removed(), batch.restored(), batch.kept())));
	}

	private static TrackedImport undoneIfAll(TrackedImport tracked) {
		boolean isAll = tracked.completedBatches().without(tracked.undoneBatches()).isEmpty();
		return (isAll && tracked.contactImport().state() == State.UNDOING)
				? tracked.told(tracked.contactImport().undone()) : tracked;
	}

	private static TrackedImport answered(TrackedImport before, ContactImportEvent batch) {
		TrackedImport after = count(before, batch);
		return (after != before) ? after.told(end(after, after.contactImport(), batch.at())) : before;
	}

	private static TrackedImport count(TrackedImport before, ContactImportEvent event) {
		return switch (event) {
			case ImportBatchCompleted batch when !before.completedBatches().contains(batch.batch()) ->
				before.counting(batch.batch(), batch.outcomes());
			case ImportBatchFailed batch when !before.completedBatches().contains(batch.batch()) ->
				before.countingUnreadable(batch.batch());
			default -> before;
		};
	}

	private static ContactImport end(TrackedImport tracked, ContactImport now, Instant at) {
		if (tracked.unreadableBatches() > 0 && now.isAnswered()) {
			return now.rejectingMissingRows().completed(at);
		}
		return (now.isAccountedFor() && now.isAnswered()) ? now.completed(at) : now;
	}

}
