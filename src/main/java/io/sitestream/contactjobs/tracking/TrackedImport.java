package io.sitestream.contactjobs.tracking;

import io.sitestream.contactjobs.ContactImportEvent.ImportStarted;
import io.sitestream.contactjobs.RowOutcomes;
import io.sitestream.platform.Topic;
import org.jspecify.annotations.Nullable;

/**
 * An import with what its fold needs besides: one record of {@code contact-imports}.
 *
 * @param account whose import it is
 * @param uploadId the upload that made it, if it had an idempotency key
 * @param sequence how many events were folded up to the last one that was told
 * @param completedBatches the batches that were answered
 * @param unreadableBatches how many of them had an unknown number of rows
 * @param contactImport the import as its account sees it
 */
public record TrackedImport(String account, @Nullable String uploadId, long sequence, BatchNumbers completedBatches,
		int unreadableBatches, ContactImport contactImport) {

	/** Keyed by import id. */
	public static final Topic<TrackedImport> CONTACT_IMPORTS = Topic.compacted("contact-imports", TrackedImport.class,
			6);

	static TrackedImport of(ImportStarted event) {
		return new TrackedImport(event.account(), event.uploadId(), 1, BatchNumbers.NONE, 0,
				ContactImport.started(event.importId(), event.channelId(), event.at()));
	}

	TrackedImport counting(int batch, RowOutcomes outcomes) {
		return new TrackedImport(this.account, this.uploadId, this.sequence, this.completedBatches.with(batch),
				this.unreadableBatches, this.contactImport.counting(outcomes));
	}

	TrackedImport countingUnreadable(int batch) {
		return new TrackedImport(this.account, this.uploadId, this.sequence, this.completedBatches.with(batch),
				this.unreadableBatches + 1, this.contactImport.counting(RowOutcomes.NONE));
	}

	/**
	 * The next state, which its channel hears of. After the final notification nothing is
	 * told, and the sequence stays as it is.
	 * @param contactImport the import
	 * @return the import after one more event
	 */
	TrackedImport told(ContactImport contactImport) {
		return new TrackedImport(this.account, this.uploadId, this.sequence + 1, this.completedBatches,
				this.unreadableBatches, contactImport);
	}

}
