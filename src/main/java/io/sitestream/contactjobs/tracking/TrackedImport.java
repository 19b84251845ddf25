package io.sitestream.contactjobs.tracking;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

import io.sitestream.contactjobs.ContactImportEvent;
import io.sitestream.contactjobs.ContactImportEvent.ImportStarted;
import io.sitestream.contactjobs.ContactImportEvent.ImportUndoRequested;
import io.sitestream.contactjobs.RowOutcomes;
import io.sitestream.contactjobs.UploadFingerprint;
import io.sitestream.contactjobs.tracking.ContactImport.State;
import io.sitestream.platform.AddedLater;
import io.sitestream.platform.Topic;
import org.jspecify.annotations.Nullable;

/**
 * An import with what its fold needs besides: one record of {@code contact-imports}.
 *
 * @param account whose import it is
 * @param uploadId the upload that made it, if it had an idempotency key
 * @param fingerprint that upload's; {@code null} without a key, and in records of older
 * releases
 * @param sequence how many events were folded up to the last one that was told
 * @param completedBatches the batches that were answered
 * @param unreadableBatches how many of them had an unknown number of rows
 * @param undoneBatches the batches whose undo was answered
 * @param signs how many signs of life its upload has given
 * @param contactImport the import as its account sees it
 */
public record TrackedImport(String account, @Nullable String uploadId, @Nullable UploadFingerprint fingerprint,
		long sequence, BatchNumbers completedBatches, @AddedLater int unreadableBatches,
		@AddedLater BatchNumbers undoneBatches, @AddedLater long signs, ContactImport contactImport) {

	/** Keyed by import id. */
	public static final Topic<TrackedImport> CONTACT_IMPORTS = Topic
		.compacted("contact-imports", TrackedImport.class, 6)
		.keyedBy("contactImport/importId", (tracked) -> tracked.contactImport().importId());

	static TrackedImport of(ImportStarted event) {
		return new TrackedImport(event.account(), event.uploadId(), event.fingerprint(), 1, BatchNumbers.NONE, 0,
				BatchNumbers.NONE, 0, ContactImport.started(event.importId(), event.channelId(), event.at()));
	}

	/** Records that were written before there was an undo have none of it. */
	public TrackedImport {
		undoneBatches = Objects.requireNonNullElse(undoneBatches, BatchNumbers.NONE);
	}

	TrackedImport counting(int batch, RowOutcomes outcomes) {
		return with(this.completedBatches.with(batch), this.unreadableBatches, this.undoneBatches,
				this.contactImport.counting(outcomes));
	}

	TrackedImport countingUnreadable(int batch) {
		return with(this.completedBatches.with(batch), this.unreadableBatches + 1, this.undoneBatches,
				this.contactImport.counting(RowOutcomes.NONE));
	}

	TrackedImport undoing(int batch, ContactImport contactImport) {
		return with(this.completedBatches, this.unreadableBatches, this.undoneBatches.with(batch), contactImport);
	}

	TrackedImport silently(ContactImport contactImport) {
		return with(this.completedBatches, this.unreadableBatches, this.undoneBatches, contactImport);
	}

	TrackedImport living(long signs) {
		return new TrackedImport(this.account, this.uploadId, this.fingerprint, this.sequence, this.completedBatches,
				this.unreadableBatches, this.undoneBatches, Math.max(this.signs, signs), this.contactImport);
	}

	/**
	 * The next state, which its channel hears of. After the final notification nothing is
	 * told but the end of an undo, and the sequence stays as it is.
	 * @param contactImport the import
	 * @return the import after one more event
	 */
	TrackedImport told(ContactImport contactImport) {
		return new TrackedImport(this.account, this.uploadId, this.fingerprint, this.sequence + 1,
				this.completedBatches, this.unreadableBatches, this.undoneBatches, this.signs, contactImport);
	}

	/**
	 * The batches that are to be undone because of an event.
	 * @param before the import before it
	 * @param event the event
	 * @return their numbers
	 */
	List<Integer> toUndo(TrackedImport before, ContactImportEvent event) {
		if (this.contactImport.undo() == null) {
			return List.of();
		}
		return (event instanceof ImportUndoRequested) ? this.completedBatches.without(this.undoneBatches)
				: this.completedBatches.without(before.completedBatches);
	}

	private TrackedImport with(BatchNumbers completed, int unreadable, BatchNumbers undone,
			ContactImport contactImport) {
		return new TrackedImport(this.account, this.uploadId, this.fingerprint, this.sequence, completed, unreadable,
				undone, this.signs, contactImport);
	}

	/**
	 * Whether its file is still coming in, as far as is known.
	 * @return whether neither its end nor its failure was reported
	 */
	boolean isUploading() {
		return this.contactImport.state() == State.RUNNING && this.contactImport.rows().total() == null;
	}

	/**
	 * Whether nothing more is to be done for it.
	 * @return whether it has ended and is not being undone
	 */
	boolean isOver() {
		return this.contactImport.state() != State.RUNNING && this.contactImport.state() != State.UNDOING;
	}

	boolean isOverSince(Instant time) {
		return isOver() && !Objects.requireNonNull(this.contactImport.finishedAt()).isAfter(time);
	}

}
