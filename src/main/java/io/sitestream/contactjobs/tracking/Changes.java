package io.sitestream.contactjobs.tracking;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.sitestream.contactjobs.ContactImportEvent.ImportExpired;
import io.sitestream.contactjobs.ContactImportEvent.ImportForgotten;
import io.sitestream.contactjobs.ContactImportEvent;
import io.sitestream.contactjobs.ContactImportTopics;
import io.sitestream.contactjobs.ImportBatch;
import io.sitestream.contactjobs.ImportBatchUndoRequested;
import io.sitestream.contactjobs.ImportForgetRequested;
import io.sitestream.notification.Notification;
import io.sitestream.notification.NotificationTopics;
import io.sitestream.platform.Consumed;
import io.sitestream.platform.Emission;
import org.jspecify.annotations.Nullable;

/**
 * What the events of one poll did to one import.
 */
final class Changes {

	private final String importId;

	private final Optional<TrackedImport> before;

	private final List<Notification> notifications = new ArrayList<>();

	private final Set<ImportBatch> requests = new LinkedHashSet<>();

	private Optional<TrackedImport> now;

	private @Nullable Consumed<ContactImportEvent> cause;

	Changes(String importId, Optional<TrackedImport> before) {
		this.importId = importId;
		this.before = before;
		this.now = before;
	}

	/**
	 * The import as it is after the events so far.
	 * @return the import, if there is one
	 */
	Optional<TrackedImport> now() {
		return this.now;
	}

	void reach(TrackedImport after) {
		this.now = Optional.of(after);
	}

	/**
	 * Notes the event that comes next: traces go on from the last one.
	 * @param event the event
	 */
	void because(Consumed<ContactImportEvent> event) {
		this.cause = event;
	}

	/**
	 * Notes a notification. Each progress replaces the one before, and each repetition
	 * what it repeats.
	 * @param notification the notification
	 */
	void tell(Notification notification) {
		if (!this.notifications.isEmpty()) {
			Notification last = this.notifications.getLast();
			if (last.sequence() == notification.sequence() || last.type().equals(ImportNotifications.PROGRESS)) {
				this.notifications.removeLast();
			}
		}
		this.notifications.add(notification);
	}

	void undo(List<Integer> batches) {
		this.now.ifPresent((tracked) -> batches.forEach(
				(batch) -> this.requests.add(new ImportBatchUndoRequested(this.importId, tracked.account(), batch))));
	}

	/**
	 * Asks importers to forget the import. It stays until they have, so that nothing of
	 * it is left should they be away for long.
	 * @param expired says which one is meant
	 */
	void expire(ImportExpired expired) {
		this.now.filter((tracked) -> tracked.isOverSince(expired.finishedBefore()))
			.ifPresent(
					(tracked) -> this.requests.add(new ImportForgetRequested(this.importId, expired.finishedBefore())));
	}

	void forget(ImportForgotten forgotten) {
		this.now = this.now.filter((tracked) -> !tracked.isOverSince(forgotten.finishedBefore()));
	}

	/**
	 * What is to be sent.
	 * @return the import's last state, or a tombstone, if it is another one than before,
	 * its notifications, and what importers are asked for
	 */
	List<Emission> emissions() {
		List<Emission> emissions = new ArrayList<>();
		if (!this.now.equals(this.before)) {
			emissions.add(this.now.map((tracked) -> Emission.of(TrackedImport.CONTACT_IMPORTS, this.importId, tracked))
				.orElseGet(() -> Emission.tombstone(TrackedImport.CONTACT_IMPORTS, this.importId)));
		}
		this.notifications.forEach((notification) -> emissions
			.add(Emission.of(NotificationTopics.NOTIFICATIONS, notification.channelId(), notification)));
		this.requests.forEach((request) -> emissions
			.add(Emission.of(ContactImportTopics.CONTACT_IMPORT_BATCHES, request.key(), request)));
		Consumed<ContactImportEvent> last = this.cause;
		return (last != null) ? emissions.stream().map((emission) -> emission.causedBy(last)).toList() : emissions;
	}

}
