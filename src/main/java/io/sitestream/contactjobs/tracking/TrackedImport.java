package io.sitestream.contactjobs.tracking;

import io.sitestream.contactjobs.ContactImportEvent.ImportStarted;
import io.sitestream.platform.Topic;

/**
 * An import with what its fold needs besides: one record of {@code contact-imports}.
 *
 * @param account whose import it is
 * @param sequence how many events were folded up to the last one that was told
 * @param completedBatches the batches whose outcomes are counted
 * @param contactImport the import as its account sees it
 */
public record TrackedImport(String account, long sequence, BatchNumbers completedBatches, ContactImport contactImport) {

	/** Keyed by import id. */
	public static final Topic<TrackedImport> CONTACT_IMPORTS = Topic.compacted("contact-imports", TrackedImport.class,
			6);

	static TrackedImport of(ImportStarted event) {
		return new TrackedImport(event.account(), 1, BatchNumbers.NONE,
				ContactImport.started(event.importId(), event.channelId(), event.at()));
	}

	/**
	 * The next state, which its channel hears of.
	 * @param batches the batches counted
	 * @param contactImport the import
	 * @return the import after one more event
	 */
	TrackedImport next(BatchNumbers batches, ContactImport contactImport) {
		return new TrackedImport(this.account, this.sequence + 1, batches, contactImport);
	}

	/**
	 * The next state, which its channel does not hear of, since nothing comes after the
	 * final notification.
	 * @param batches the batches counted
	 * @param contactImport the import
	 * @return the import after one more event
	 */
	TrackedImport silently(BatchNumbers batches, ContactImport contactImport) {
		return new TrackedImport(this.account, this.sequence, batches, contactImport);
	}

}
