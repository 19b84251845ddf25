package io.sitestream.contactjobs.tracking;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.sitestream.contactjobs.ContactImportEvent;
import io.sitestream.contactjobs.ContactImportEvent.ImportExpired;
import io.sitestream.contactjobs.ContactImportEvent.ImportForgotten;
import io.sitestream.contactjobs.ContactImportEvent.ImportStarted;
import io.sitestream.contactjobs.ContactImportEvent.ImportUploadContinued;
import io.sitestream.contactjobs.tracking.ContactImport.State;
import io.sitestream.kvstore.KeyValueStore;
import io.sitestream.platform.Consumed;
import io.sitestream.platform.Emission;
import io.sitestream.platform.UnprocessableRecordException;

/**
 * The imports of one partition as their owner has folded them: what it wrote lately, and
 * beneath that the store. Immutable; folding makes the next copy.
 *
 * @param store shows everything that earlier owners wrote
 * @param notifications makes notifications
 * @param ahead imports that were written, or removed, and are perhaps not yet so in the
 * store
 * @param nextOffset the offset of the first event that is not folded
 */
record WorkingCopy(KeyValueStore<TrackedImport> store, ImportNotifications notifications,
		Map<String, Optional<TrackedImport>> ahead, long nextOffset) {

	/**
	 * So long after its end an import's notification is said again: longer than events
	 * come again by themselves, and far shorter than channels remember what was said.
	 */
	private static final Duration REPEATING = Duration.ofHours(1);

	static WorkingCopy of(KeyValueStore<TrackedImport> store, ImportNotifications notifications) {
		return new WorkingCopy(store, notifications, Map.of(), 0);
	}

	/**
	 * Folds events of this partition.
	 * @param records at least one, in order
	 * @param now the time
	 * @return the copy after them and what is to be sent: of every import that changed
	 * its last state, and its notifications, of which each progress replaces the one
	 * before
	 * @throws UnprocessableRecordException names every event whose import is unknown
	 */
	Turn fold(List<Consumed<ContactImportEvent>> records, Instant now) {
		Map<String, Changes> touched = new LinkedHashMap<>();
		List<UnprocessableRecordException> faults = new ArrayList<>();
		for (Consumed<ContactImportEvent> consumed : records) {
			try {
				fold(touched, consumed, now);
			}
			catch (UnprocessableRecordException ex) {
				faults.add(ex);
			}
		}
		if (!faults.isEmpty()) {
			throw UnprocessableRecordException.of(faults);
		}
		return turn(touched, records.getLast().position().offset() + 1);
	}

	private void fold(Map<String, Changes> touched, Consumed<ContactImportEvent> consumed, Instant now) {
		ContactImportEvent event = consumed.required();
		Changes changes = touched.computeIfAbsent(event.importId(), (id) -> new Changes(id, find(id)));
		changes.because(consumed);
		switch (event) {
			case ImportExpired expired -> changes.expire(expired);
			case ImportForgotten forgotten -> changes.forget(forgotten);
			default -> fold(changes, consumed, event, now);
		}
	}

	private Turn turn(Map<String, Changes> touched, long next) {
		List<Emission> emissions = new ArrayList<>();
		Map<String, Optional<TrackedImport>> now = new HashMap<>(this.ahead);
		now.entrySet().removeIf((entry) -> this.store.find(entry.getKey()).equals(entry.getValue()));
		touched.forEach((importId, changes) -> {
			now.put(importId, changes.now());
			emissions.addAll(changes.emissions());
		});
		return new Turn(new WorkingCopy(this.store, this.notifications, Map.copyOf(now), next), emissions);
	}

	private void fold(Changes changes, Consumed<ContactImportEvent> consumed, ContactImportEvent event, Instant now) {
		Optional<TrackedImport> before = changes.now();
		TrackedImport after = before.map((tracked) -> ImportFold.apply(tracked, event))
			.orElseGet(() -> start(consumed, event));
		boolean isLateRepetition = before.filter(after::equals).isPresent() && after.isOverSince(now.minus(REPEATING));
		if (isTold(before, after, event) && !isLateRepetition) {
			changes.tell(this.notifications.of(after));
		}
		before.ifPresent((known) -> changes.undo(after.toUndo(known, event)));
		changes.reach(after);
	}

	/**
	 * Whether the channel hears of a step: of every repetition and of every change, but
	 * of none after the final one but the end of an undo, and of no sign of life.
	 */
	private static boolean isTold(Optional<TrackedImport> before, TrackedImport after, ContactImportEvent event) {
		return !(event instanceof ImportUploadContinued) && after.contactImport().state() != State.UNDOING
				&& before.filter((known) -> known.sequence() == after.sequence() && !known.equals(after)).isEmpty();
	}

	private Optional<TrackedImport> find(String importId) {
		Optional<TrackedImport> known = this.ahead.get(importId);
		return (known != null) ? known : this.store.find(importId);
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

}
