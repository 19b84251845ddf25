package io.sitestream.contactjobs.tracking;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import io.sitestream.contactjobs.ContactImportEvent;
import io.sitestream.contactjobs.ContactImportEvent.ImportExpired;
import io.sitestream.contactjobs.ContactImportEvent.ImportForgotten;
import io.sitestream.contactjobs.ContactImportEvent.ImportStarted;
import io.sitestream.contactjobs.ContactImportTopics;
import io.sitestream.contactjobs.ImportForgetRequested;
import io.sitestream.contactjobs.RowOutcomes;
import io.sitestream.contactjobs.tracking.ContactImport.State;
import io.sitestream.contactjobs.tracking.ImportWatchdogUnitTests.SettableClock;
import io.sitestream.notification.Notification;
import io.sitestream.platform.Consumed;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Position;
import io.sitestream.platform.UnprocessableRecordException;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ImportTrackerUnitTests {

	final FakeStore store = new FakeStore();

	final SettableClock clock = new SettableClock();

	final ImportTracker tracker = new ImportTracker(this.store, new ImportNotifications(JsonMapper.shared()),
			ImportWatchdogUnitTests.aWatchdog(this.store), this.clock);

	@Test
	void tellsTheFirstAndTheLastAndOneProgressPerPoll() {
		assertThat(
				told(poll(0, ImportFoldUnitTests.STARTED, ImportFoldUnitTests.batch(1), ImportFoldUnitTests.batch(2))))
			.containsExactly("contact-import.accepted 1", "contact-import.progress 3");
		assertThat(told(poll(3, ImportFoldUnitTests.CUT))).containsExactly("contact-import.progress 4");
		assertThat(told(poll(4, ImportFoldUnitTests.batch(3)))).containsExactly("contact-import.completed 5");
	}

	@Test
	void saysTheCurrentNotificationAgainForARepeatedEventAndChangesNothing() {
		this.store.commit(poll(0, ImportFoldUnitTests.STARTED, ImportFoldUnitTests.batch(1)));

		List<Emission> again = poll(2, ImportFoldUnitTests.batch(1), ImportFoldUnitTests.STARTED);

		assertThat(again).hasSize(1);
		assertThat(told(again)).containsExactly("contact-import.progress 2");
	}

	/** The channel may have forgotten it after a day, and would tell it twice. */
	@Test
	void saysNothingAgainWhenTheImportHasLongBeenOver() {
		this.store.commit(poll(0, ImportFoldUnitTests.STARTED, ImportFoldUnitTests.BROKEN));
		this.clock.pass(Duration.ofMinutes(59));
		assertThat(told(poll(2, ImportFoldUnitTests.BROKEN))).containsExactly("contact-import.failed 2");

		this.clock.pass(Duration.ofMinutes(2));

		assertThat(poll(3, ImportFoldUnitTests.BROKEN, ImportFoldUnitTests.STARTED)).isEmpty();
		assertThat(told(poll(5, ImportFoldUnitTests.UNDO))).as("what is new")
			.containsExactly("contact-import.undone 3");
		assertThat(poll(6, ImportFoldUnitTests.UNDO)).isEmpty();
	}

	@Test
	void saysNothingMoreAfterTheImportFailed() {
		poll(0, ImportFoldUnitTests.STARTED, ImportFoldUnitTests.BROKEN);

		List<Emission> late = poll(2, ImportFoldUnitTests.batch(1));

		assertThat(late).extracting(Emission::topic).containsExactly(TrackedImport.CONTACT_IMPORTS);
	}

	@Test
	void foldsAheadOfTheStoreWithoutWaitingForIt() {
		this.store.commit(poll(0, ImportFoldUnitTests.STARTED));
		this.store.commit(poll(1, ImportFoldUnitTests.batch(1)));
		this.store.commit(poll(2, ImportFoldUnitTests.batch(2)));

		assertThat(this.store.syncs).isOne();
		assertThat(told(poll(3, ImportFoldUnitTests.batch(3)))).containsExactly("contact-import.progress 4");
	}

	@Test
	void forgetsWhatWasRolledBack() {
		this.store.commit(poll(0, ImportFoldUnitTests.STARTED));
		List<Emission> rolledBack = poll(1, ImportFoldUnitTests.batch(1), ImportFoldUnitTests.batch(2));

		List<Emission> again = poll(1, ImportFoldUnitTests.batch(1), ImportFoldUnitTests.batch(2));

		assertThat(again).isEqualTo(rolledBack);
	}

	@Test
	void forgetsItsCopyWhenThePartitionGoesAndTakesUpWhatAnotherOwnerWrote() {
		this.store.commit(poll(0, ImportFoldUnitTests.STARTED));
		this.tracker.revoked("contact-import-events", Set.of(0));
		FakeStore theirs = new FakeStore();
		theirs.commit(poll(0, ImportFoldUnitTests.STARTED, ImportFoldUnitTests.batch(1)));
		theirs.sync(Duration.ZERO);
		theirs.all()
			.forEach(
					(key, value) -> this.store.commit(List.of(Emission.of(TrackedImport.CONTACT_IMPORTS, key, value))));
		this.tracker.revoked("contact-import-events", Set.of(0));

		assertThat(told(poll(2, ImportFoldUnitTests.batch(2)))).containsExactly("contact-import.progress 3");
	}

	@Test
	void namesAllEventsWhoseImportIsUnknownAtOnceAndFoldsNothing() {
		assertThatExceptionOfType(UnprocessableRecordException.class).isThrownBy(
				() -> poll(7, ImportFoldUnitTests.STARTED, batchOf("other", 1), batchOf("third", 1), batchOf("i", 1)))
			.withMessage("Import 'other' is unknown: its ImportStarted must come before its ImportBatchCompleted.")
			.satisfies((ex) -> assertThat(ex.faults())
				.extracting((fault) -> fault.position().offset() + " " + fault.getMessage())
				.containsExactly(
						"8 Import 'other' is unknown: its ImportStarted must come before its ImportBatchCompleted.",
						"9 Import 'third' is unknown: its ImportStarted must come before its ImportBatchCompleted."));

		assertThat(told(poll(7, ImportFoldUnitTests.STARTED))).containsExactly("contact-import.accepted 1");
		assertThat(this.store.syncs).as("not one per call").isOne();
	}

	@Test
	void tellsNoSignOfLife() {
		List<Emission> sign = poll(0, ImportFoldUnitTests.STARTED, ImportFoldUnitTests.sign(1));

		assertThat(told(sign)).containsExactly("contact-import.accepted 1");
		assertThat(sign.getFirst().value()).isEqualTo(ImportFoldUnitTests.anImport("SIGNED"));
		assertThat(told(poll(2, ImportFoldUnitTests.sign(1)))).isEmpty();
	}

	@Test
	void forgetsAnExpiredImportWhenImportersHave() {
		this.store.commit(poll(0, ImportFoldUnitTests.STARTED, ImportFoldUnitTests.BROKEN));
		Instant end = ImportFoldUnitTests.BROKEN.at();

		assertThat(poll(2, new ImportExpired("i", end.minusMillis(1), end), new ImportExpired("other", end, end)))
			.isEmpty();
		assertThat(poll(4, new ImportExpired("i", end, end))).containsExactly(
				Emission.of(ContactImportTopics.CONTACT_IMPORT_BATCHES, "i/0", new ImportForgetRequested("i", end)));
		assertThat(poll(5, new ImportForgotten("i", end.minusMillis(1), end))).isEmpty();
		List<Emission> forgotten = poll(6, new ImportForgotten("i", end, end), new ImportForgotten("i", end, end));
		assertThat(forgotten).containsExactly(Emission.tombstone(TrackedImport.CONTACT_IMPORTS, "i"));
		assertThat(poll(8, new ImportForgotten("i", end, end))).as("before the store shows it").isEmpty();
		this.store.commit(forgotten);
		assertThat(told(poll(9, ImportFoldUnitTests.STARTED))).as("the key anew")
			.containsExactly("contact-import.accepted 1");
	}

	@Test
	void keepsAnExpiredImportThatIsBeingUndone() {
		this.store
			.commit(poll(0, ImportFoldUnitTests.STARTED, ImportFoldUnitTests.batch(1), ImportFoldUnitTests.BROKEN));
		poll(3, ImportFoldUnitTests.UNDO);

		assertThat(poll(4, new ImportForgotten("i", Instant.MAX, Instant.MAX))).isEmpty();
	}

	/**
	 * Any number of polls fail to commit, any number of rebalances happen: what is
	 * committed in the end is the whole fold, with one final notification.
	 */
	@RepeatedTest(50)
	void losesAndDoublesNothingOverFailuresAndRebalances(RepetitionInfo repetition) {
		Random random = new Random(repetition.getCurrentRepetition());
		List<ContactImportEvent> log = aLog(random, 5, 8);
		List<Notification> visible = new ArrayList<>();
		int position = 0;
		while (position < log.size()) {
			int end = Math.min(log.size(), position + 1 + random.nextInt(6));
			List<Emission> emissions = poll(position, log.subList(position, end).toArray(ContactImportEvent[]::new));
			if (random.nextInt(3) > 0) {
				this.store.commit(emissions);
				emissions.stream()
					.map(Emission::value)
					.filter(Notification.class::isInstance)
					.forEach((notification) -> visible.add((Notification) notification));
				position = end;
			}
			if (random.nextInt(5) == 0) {
				this.tracker.revoked("contact-import-events", Set.of(0));
			}
			if (random.nextInt(3) == 0) {
				this.store.sync(Duration.ZERO);
			}
		}
		this.store.sync(Duration.ZERO);

		assertThat(this.store.all()).hasSize(5).allSatisfy((importId, tracked) -> {
			assertThat(tracked.contactImport().state()).isEqualTo(State.COMPLETED);
			assertThat(tracked.contactImport().rows().created()).isEqualTo(8);
			List<Notification> own = visible.stream()
				.filter((notification) -> notification.source().equals("contact-import/" + importId))
				.toList();
			assertThat(own.getFirst().type()).isEqualTo(ImportNotifications.ACCEPTED);
			assertThat(own.getLast().type()).isEqualTo(ImportNotifications.COMPLETED);
			assertThat(own).extracting(Notification::sequence).isSorted().doesNotHaveDuplicates();
		});
	}

	private static List<ContactImportEvent> aLog(Random random, int imports, int batches) {
		List<ContactImportEvent> rest = new ArrayList<>();
		List<ContactImportEvent> log = new ArrayList<>();
		for (int i = 0; i < imports; i++) {
			String importId = "import-" + i;
			log.add(new ImportStarted(importId, "ada", "channel-0123456789", null, ImportFoldUnitTests.AT));
			for (int batch = 1; batch <= batches; batch++) {
				rest.add(batchOf(importId, batch));
			}
			rest.add(new ContactImportEvent.ImportCut(importId, batches, batches, ImportFoldUnitTests.AT));
		}
		Collections.shuffle(rest, random);
		log.addAll(rest);
		return log;
	}

	private static ContactImportEvent batchOf(String importId, int batch) {
		return new ContactImportEvent.ImportBatchCompleted(importId, batch, new RowOutcomes(1, 0, 0, 0, 0),
				ImportFoldUnitTests.AT);
	}

	private List<Emission> poll(long offset, ContactImportEvent... events) {
		List<Consumed<ContactImportEvent>> records = new ArrayList<>();
		for (ContactImportEvent event : events) {
			Position position = new Position("contact-import-events", 0, offset + records.size());
			records.add(new Consumed<>(ContactImportTopics.CONTACT_IMPORT_EVENTS, event.importId(), event, Map.of(),
					position, event.at()));
		}
		return this.tracker.on(records);
	}

	private static List<String> told(List<Emission> emissions) {
		return emissions.stream()
			.map(Emission::value)
			.filter(Notification.class::isInstance)
			.map(Notification.class::cast)
			.map((notification) -> notification.type() + " " + notification.sequence())
			.toList();
	}

}
