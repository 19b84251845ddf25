package io.sitestream.contactjobs.tracking;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.sitestream.contactjobs.ContactImportEvent;
import io.sitestream.contactjobs.ContactImportEvent.ImportStarted;
import io.sitestream.contactjobs.ContactImportTopics;
import io.sitestream.contactjobs.ImportBatchUndoRequested;
import io.sitestream.contactjobs.tracking.ContactImport.State;
import io.sitestream.kvstore.KeyValueStore;
import io.sitestream.notification.Notification;
import io.sitestream.notification.NotificationTopics;
import io.sitestream.platform.Consumed;
import io.sitestream.platform.Emission;
import io.sitestream.platform.UnprocessableRecordException;

/**
 * The imports of one partition as their owner has folded them: what it wrote lately, and
 * beneath that the store. Immutable; folding makes the next copy.
 *
 * @param store shows everything that earlier owners wrote
 * @param notifications makes notifications
 * @param ahead imports that were written and are perhaps not yet in the store
 * @param nextOffset the offset of the first event that is not folded
 */
record WorkingCopy(KeyValueStore<TrackedImport> store, ImportNotifications notifications,
		Map<String, TrackedImport> ahead, long nextOffset) {

	static WorkingCopy of(KeyValueStore<TrackedImport> store, ImportNotifications notifications) {
		return new WorkingCopy(store, notifications, Map.of(), 0);
	}

	/**
	 * Folds events of this partition.
	 * @param records at least one, in order
	 * @return the copy after them and what is to be sent: of every import that changed
	 * its last state, and its notifications, of which each progress replaces the one
	 * before
	 * @throws UnprocessableRecordException if an event's import is unknown
	 */
	Turn fold(List<Consumed<ContactImportEvent>> records) {
		Map<String, Changes> touched = new LinkedHashMap<>();
		for (Consumed<ContactImportEvent> consumed : records) {
			ContactImportEvent event = consumed.required();
			Optional<TrackedImport> before = Optional.ofNullable(touched.get(event.importId()))
				.map(Changes::now)
				.or(() -> find(event.importId()));
			TrackedImport after = before.map((tracked) -> ImportFold.apply(tracked, event))
				.orElseGet(() -> start(consumed, event));
			Changes changes = touched.computeIfAbsent(event.importId(), (id) -> new Changes(before, after));
			if (isTold(before, after)) {
				changes.tell(this.notifications.of(after));
			}
			before.ifPresent((known) -> changes.undo(after.toUndo(known, event)));
			changes.reach(after);
		}
		List<Emission> emissions = new ArrayList<>();
		Map<String, TrackedImport> now = new HashMap<>(this.ahead);
		now.entrySet()
			.removeIf((entry) -> this.store.find(entry.getKey()).filter(entry.getValue()::equals).isPresent());
		touched.forEach((importId, changes) -> {
			now.put(importId, changes.now());
			emissions.addAll(changes.emissions());
		});
		long next = records.getLast().position().offset() + 1;
		return new Turn(new WorkingCopy(this.store, this.notifications, Map.copyOf(now), next), emissions);
	}

	/**
	 * Whether the channel hears of a step: of every repetition and of every change, but
	 * of none after the final one but the end of an undo.
	 */
	private static boolean isTold(Optional<TrackedImport> before, TrackedImport after) {
		return after.contactImport().state() != State.UNDOING
				&& before.filter((known) -> known.sequence() == after.sequence() && !known.equals(after)).isEmpty();
	}

	private Optional<TrackedImport> find(String importId) {
		return Optional.ofNullable(this.ahead.get(importId)).or(() -> this.store.find(importId));
	}

	private static TrackedImport start(Consumed<ContactImportEvent> consumed, ContactImportEvent event) {
		if (event instanceof ImportStarted started) {
			return TrackedImport.of(started);
		}
		throw new UnprocessableRecordException(consumed.position(),
				"Import '%s' is unknown: its ImportStarted must come before its %s.".formatted(event.importId(),
						event.getClass().getSimpleName()));
	}

	/**
	 * What some events led to.
	 *
	 * @param after the copy after them
	 * @param emissions what is to be sent
	 */
	record Turn(WorkingCopy after, List<Emission> emissions) {

	}

	/**
	 * What some events did to one import.
	 */
	private static final class Changes {

		private final Optional<TrackedImport> before;

		private final List<Notification> notifications = new ArrayList<>();

		private final Set<Integer> toUndo = new LinkedHashSet<>();

		private TrackedImport now;

		Changes(Optional<TrackedImport> before, TrackedImport now) {
			this.before = before;
			this.now = now;
		}

		TrackedImport now() {
			return this.now;
		}

		void reach(TrackedImport after) {
			this.now = after;
		}

		void undo(List<Integer> batches) {
			this.toUndo.addAll(batches);
		}

		void tell(Notification notification) {
			if (!this.notifications.isEmpty()) {
				Notification last = this.notifications.getLast();
				if (last.sequence() == notification.sequence() || last.type().equals(ImportNotifications.PROGRESS)) {
					this.notifications.removeLast();
				}
			}
			this.notifications.add(notification);
		}

		List<Emission> emissions() {
			List<Emission> emissions = new ArrayList<>();
			if (this.before.filter(this.now::equals).isEmpty()) {
				emissions
					.add(Emission.of(TrackedImport.CONTACT_IMPORTS, this.now.contactImport().importId(), this.now));
			}
			this.notifications.forEach((notification) -> emissions
				.add(Emission.of(NotificationTopics.NOTIFICATIONS, notification.channelId(), notification)));
			this.toUndo.stream()
				.map((batch) -> new ImportBatchUndoRequested(this.now.contactImport().importId(), this.now.account(),
						batch))
				.forEach((undo) -> emissions
					.add(Emission.of(ContactImportTopics.CONTACT_IMPORT_BATCHES, undo.key(), undo)));
			return emissions;
		}

	}

}
