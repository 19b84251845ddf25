package io.sitestream.contactjobs;

import java.time.Duration;

import io.sitestream.platform.Topic;

/**
 * The import protocol: what is asked of importers, and what they and the intake report.
 */
public final class ContactImportTopics {

	/** Keyed by {@code importId/batch}. */
	public static final Topic<ImportBatch> CONTACT_IMPORT_BATCHES = Topic
		.retained("contact-import-batches", ImportBatch.class, 6, Duration.ofDays(3))
		.keyedBy("importId/batch", ImportBatch::key);

	/** Keyed by import id, so that one owner sees an import's events in order. */
	public static final Topic<ContactImportEvent> CONTACT_IMPORT_EVENTS = Topic
		.retained("contact-import-events", ContactImportEvent.class, 6, Duration.ofDays(7))
		.keyedBy("importId", ContactImportEvent::importId);

	private ContactImportTopics() {
	}

}
