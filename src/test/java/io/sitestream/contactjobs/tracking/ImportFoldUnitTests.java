package io.sitestream.contactjobs.tracking;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import io.sitestream.contactjobs.ContactImportEvent;
import io.sitestream.contactjobs.ContactImportEvent.ImportBatchCompleted;
import io.sitestream.contactjobs.ContactImportEvent.ImportBatchFailed;
import io.sitestream.contactjobs.ContactImportEvent.ImportBatchUndone;
import io.sitestream.contactjobs.ContactImportEvent.ImportBroken;
import io.sitestream.contactjobs.ContactImportEvent.ImportCut;
import io.sitestream.contactjobs.ContactImportEvent.ImportStarted;
import io.sitestream.contactjobs.ContactImportEvent.ImportUndoRequested;
import io.sitestream.contactjobs.ContactImportEvent.ImportUploadContinued;
import io.sitestream.contactjobs.RowOutcomes;
import io.sitestream.contactjobs.tracking.ContactImport.State;
import io.sitestream.platform.Problem;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.http.HttpStatus;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The table of transitions, state by state, over an import of 30 rows in 3 batches.
 */
class ImportFoldUnitTests {

	static final Instant AT = Instant.parse("2026-11-23T12:00:00Z");

	static final ImportStarted STARTED = new ImportStarted("i", "ada", "channel-0123456789", null, AT);

	static final ImportCut CUT = new ImportCut("i", 30, 3, AT.plusSeconds(1));

	static final ImportBroken BROKEN = new ImportBroken("i",
			Problem.of(HttpStatus.BAD_REQUEST, "upload-broken", "The upload ended."), AT.plusSeconds(2));

	static final ImportUndoRequested UNDO = new ImportUndoRequested("i", AT.plusSeconds(60));

	@ParameterizedTest
	@CsvSource({
			// before, event, state after, sequence after (the folded events that were
			// told)
			"RUNNING,   STARTED, RUNNING,   1", "RUNNING,   BATCH,   RUNNING,   2", "RUNNING,   CUT,     RUNNING,   2",
			"RUNNING,   BROKEN,  FAILED,    2", "CUT_LAST,  BATCH,   COMPLETED, 5", "CUT_LAST,  CUT,     RUNNING,   4",
			"CUT_LAST,  BROKEN,  FAILED,    5", "COMPLETED, STARTED, COMPLETED, 5", "COMPLETED, BATCH,   COMPLETED, 5",
			"COMPLETED, CUT,     COMPLETED, 5", "COMPLETED, BROKEN,  COMPLETED, 5", "FAILED,    STARTED, FAILED,    2",
			"FAILED,    BATCH,   FAILED,    2", "FAILED,    CUT,     FAILED,    2", "FAILED,    BROKEN,  FAILED,    2",
			"RUNNING,   SIGN,    RUNNING,   1", "RUNNING,   SILENT,  FAILED,    2", "ALIVE,     SILENT,  RUNNING,   1",
			"SIGNED,    SILENT,  FAILED,    2", "CUT_LAST,  SILENT,  RUNNING,   4", "COMPLETED, SILENT,  COMPLETED, 5",
			"COMPLETED, SIGN,    COMPLETED, 5", "FAILED,    SIGN,    FAILED,    2", "UNDOING,   SIGN,    UNDOING,   5",
			"RUNNING,   UNDO,    RUNNING,   1", "RUNNING,   UNDONE,  RUNNING,   1", "COMPLETED, UNDO,    UNDOING,   5",
			"FAILED,    UNDO,    UNDONE,    3", "COMPLETED, UNDONE,  COMPLETED, 5", "UNDOING,   BATCH,   UNDOING,   5",
			"UNDOING,   UNDO,    UNDOING,   5", "UNDOING,   BROKEN,  UNDOING,   5", "UNDOING,   UNDONE,  UNDOING,   5",
			"UNDO_LAST, UNDONE,  UNDONE,    6", "UNDO_LAST, CUT,     UNDOING,   5", "UNDONE,    UNDONE,  UNDONE,    6",
			"UNDONE,    UNDO,    UNDONE,    6", "UNDONE,    BATCH,   UNDONE,    6" })
	void goesFromStateToStateAsTheTableSays(String before, String event, State state, long sequence) {
		TrackedImport after = ImportFold.apply(anImport(before), anEvent(event));

		assertThat(after.contactImport().state()).isEqualTo(state);
		assertThat(after.sequence()).isEqualTo(sequence);
		assertThat(after.contactImport().finishedAt() != null).isEqualTo(state != State.RUNNING);
	}

	@Test
	void countsBatchesThatComeAfterTheImportFailed() {
		TrackedImport after = fold(List.of(STARTED, batch(1), BROKEN, batch(2), batch(2)));

		assertThat(after.contactImport().batches().completed()).isEqualTo(2);
		assertThat(after.contactImport().rows().outcomes().sum()).isEqualTo(20);
		assertThat(after.contactImport().rows().total()).isNull();
		assertThat(after.contactImport().problem()).isEqualTo(BROKEN.problem());
	}

	@Test
	void isCompletedByTheCutWhenAllBatchesWereFaster() {
		TrackedImport after = fold(List.of(STARTED, batch(1), batch(3), batch(2), CUT));

		assertThat(after.contactImport().state()).isEqualTo(State.COMPLETED);
		assertThat(after.contactImport().finishedAt()).isEqualTo(CUT.at());
	}

	@Test
	void isCompletedWithoutRowsWhenItsOneEmptyBatchIsAnswered() {
		ImportBatchCompleted empty = new ImportBatchCompleted("i", 1, RowOutcomes.NONE, AT);

		TrackedImport cut = fold(List.of(STARTED, new ImportCut("i", 0, 1, AT)));

		assertThat(cut.contactImport().state()).isEqualTo(State.RUNNING);
		assertThat(ImportFold.apply(cut, empty).contactImport().state()).isEqualTo(State.COMPLETED);
	}

	@RepeatedTest(10)
	void rejectsTheRowsThatAreMissingWhenABatchCouldNotBeRead(RepetitionInfo repetition) {
		ImportBatchFailed unread = new ImportBatchFailed("i", 2, AT);
		List<ContactImportEvent> events = new ArrayList<>(List.of(batch(1), unread, batch(3), CUT, unread));
		Collections.shuffle(events, new Random(repetition.getCurrentRepetition()));
		events.addFirst(STARTED);

		TrackedImport after = fold(events);

		assertThat(after.contactImport().state()).isEqualTo(State.COMPLETED);
		assertThat(after.contactImport().rows()).isEqualTo(new ContactImport.Rows(30L, 2, 4, 6, 6, 12));
		assertThat(after.contactImport().batches()).isEqualTo(new ContactImport.Batches(3, 3));
		assertThat(after.sequence()).isEqualTo(5);
	}

	@Test
	void addsUpWhatTheUndoOfEveryBatchDidOnce() {
		TrackedImport after = ImportFold.apply(anImport("UNDONE"), undone(2));

		assertThat(after.contactImport().undo()).isEqualTo(new ContactImport.Undo(3, 6, 9));
		assertThat(after.contactImport().rows()).isEqualTo(anImport("COMPLETED").contactImport().rows());
	}

	@Test
	void asksForTheUndoOfEveryBatchAndOfOneThatIsLate() {
		TrackedImport failed = fold(List.of(STARTED, batch(1), batch(2), BROKEN));
		TrackedImport undoing = ImportFold.apply(failed, UNDO);
		TrackedImport late = ImportFold.apply(undoing, batch(3));
		TrackedImport again = ImportFold.apply(late, undone(1));

		assertThat(undoing.toUndo(failed, UNDO)).containsExactly(1, 2);
		assertThat(late.toUndo(undoing, batch(3))).containsExactly(3);
		assertThat(again.toUndo(late, undone(1))).isEmpty();
		assertThat(ImportFold.apply(again, UNDO).toUndo(again, UNDO)).containsExactly(2, 3);
	}

	@Test
	void doesNotInventRowsWhenOneIsMissingWithoutReason() {
		TrackedImport after = fold(List.of(STARTED, new ImportCut("i", 31, 3, AT), batch(1), batch(2), batch(3)));

		assertThat(after.contactImport().state()).isEqualTo(State.RUNNING);
	}

	@RepeatedTest(20)
	void endsTheSameInAnyOrderAndWithAnyRepetitions(RepetitionInfo repetition) {
		Random random = new Random(repetition.getCurrentRepetition());
		List<ContactImportEvent> events = new ArrayList<>(List.of(batch(1), batch(2), batch(3), CUT));
		for (int i = random.nextInt(4); i > 0; i--) {
			events.add(events.get(random.nextInt(events.size())));
		}
		Collections.shuffle(events, random);
		events.addFirst(STARTED);

		TrackedImport after = fold(events);

		assertThat(after.contactImport().state()).isEqualTo(State.COMPLETED);
		assertThat(after.contactImport().rows()).isEqualTo(new ContactImport.Rows(30L, 3, 6, 9, 9, 3));
		assertThat(after.contactImport().batches()).isEqualTo(new ContactImport.Batches(3, 3));
		assertThat(after.sequence()).isEqualTo(5);
	}

	static TrackedImport anImport(String history) {
		return switch (history) {
			case "RUNNING" -> fold(List.of(STARTED));
			case "SIGNED" -> fold(List.of(STARTED, sign(1)));
			case "ALIVE" -> fold(List.of(STARTED, sign(1), sign(2), sign(1)));
			case "CUT_LAST" -> fold(List.of(STARTED, CUT, batch(2), batch(3)));
			case "COMPLETED" -> fold(List.of(STARTED, CUT, batch(2), batch(3), batch(1)));
			case "FAILED" -> fold(List.of(STARTED, BROKEN));
			case "UNDOING" -> fold(List.of(STARTED, CUT, batch(2), batch(3), batch(1), UNDO));
			case "UNDO_LAST" -> fold(List.of(STARTED, CUT, batch(2), batch(3), batch(1), UNDO, undone(2), undone(3)));
			case "UNDONE" ->
				fold(List.of(STARTED, CUT, batch(2), batch(3), batch(1), UNDO, undone(2), undone(3), undone(1)));
			default -> throw new IllegalArgumentException(history);
		};
	}

	static ContactImportEvent anEvent(String event) {
		return switch (event) {
			case "STARTED" -> STARTED;
			case "BATCH" -> batch(1);
			case "CUT" -> CUT;
			case "BROKEN" -> BROKEN;
			case "SIGN" -> sign(1);
			case "SILENT" -> new ImportBroken("i", BROKEN.problem(), 1L, AT.plusSeconds(60));
			case "UNDO" -> UNDO;
			case "UNDONE" -> undone(1);
			default -> throw new IllegalArgumentException(event);
		};
	}

	static ImportUploadContinued sign(long number) {
		return new ImportUploadContinued("i", number, AT.plusSeconds(20 * number));
	}

	static ImportBatchUndone undone(int number) {
		return new ImportBatchUndone("i", number, 1, 2, 3, AT.plusSeconds(60 + number));
	}

	static ImportBatchCompleted batch(int number) {
		return new ImportBatchCompleted("i", number, new RowOutcomes(1, 2, 3, 3, 1), AT.plusSeconds(number));
	}

	static TrackedImport fold(List<ContactImportEvent> events) {
		TrackedImport tracked = TrackedImport.of((ImportStarted) events.getFirst());
		for (ContactImportEvent event : events.subList(1, events.size())) {
			tracked = ImportFold.apply(tracked, event);
		}
		return tracked;
	}

}
