package io.sitestream.contactjobs.tracking;

import java.time.Instant;
import java.util.Objects;

import io.sitestream.contactjobs.RowOutcomes;
import io.sitestream.platform.Problem;
import org.jspecify.annotations.Nullable;

/**
 * An import as its account sees it: the API's answer and the body of every notification.
 *
 * @param importId the import
 * @param channelId where its progress is told
 * @param state where it stands
 * @param rows its rows
 * @param batches the batches that they were cut into
 * @param undo what an undo did, or {@code null} if there was none
 * @param problem why it failed, or {@code null}
 * @param startedAt when the file began to come in
 * @param finishedAt when the last batch was stored or the import failed, or {@code null}
 */
public record ContactImport(String importId, String channelId, State state, Rows rows, Batches batches,
		@Nullable Undo undo, @Nullable Problem problem, Instant startedAt, @Nullable Instant finishedAt) {

	public ContactImport {
		if (state != State.RUNNING && finishedAt == null) {
			throw new IllegalArgumentException(
					"finishedAt is missing: expected a time, since the import is %s.".formatted(state));
		}
		if ((state == State.UNDOING || state == State.UNDONE) && undo == null) {
			throw new IllegalArgumentException(
					"undo is missing: expected its counts, since the import is %s.".formatted(state));
		}
	}

	static ContactImport started(String importId, String channelId, Instant at) {
		return new ContactImport(importId, channelId, State.RUNNING, Rows.of(null, RowOutcomes.NONE),
				new Batches(null, 0), null, null, at, null);
	}

	ContactImport counting(RowOutcomes more) {
		return with(Rows.of(this.rows.total(), this.rows.outcomes().plus(more)),
				new Batches(this.batches.total(), this.batches.completed() + 1));
	}

	ContactImport cut(long rows, int batches) {
		return with(Rows.of(rows, this.rows.outcomes()), new Batches(batches, this.batches.completed()));
	}

	ContactImport completed(Instant at) {
		return new ContactImport(this.importId, this.channelId, State.COMPLETED, this.rows, this.batches, this.undo,
				this.problem, this.startedAt, at);
	}

	ContactImport failed(Problem problem, Instant at) {
		return new ContactImport(this.importId, this.channelId, State.FAILED, this.rows, this.batches, this.undo,
				problem, this.startedAt, at);
	}

	ContactImport undoing() {
		return undo(State.UNDOING, new Undo(0, 0, 0));
	}

	ContactImport undone() {
		return undo(State.UNDONE, Objects.requireNonNull(this.undo));
	}

	ContactImport countingUndo(long removed, long restored, long kept) {
		Undo so = Objects.requireNonNull(this.undo);
		return undo(this.state, new Undo(so.removed + removed, so.restored + restored, so.kept + kept));
	}

	private ContactImport undo(State state, Undo undo) {
		return new ContactImport(this.importId, this.channelId, state, this.rows, this.batches, undo, this.problem,
				this.startedAt, this.finishedAt);
	}

	/**
	 * Whether every row of the file has its outcome.
	 * @return whether the outcomes add up to the rows of a file that was read to its end
	 */
	boolean isAccountedFor() {
		return this.rows.total() != null && this.rows.total() == this.rows.outcomes().sum();
	}

	/**
	 * Whether every batch of the file has its answer.
	 * @return whether so many were answered as there are in a file that was read to its
	 * end
	 */
	boolean isAnswered() {
		return this.batches.total() != null && this.batches.total() == this.batches.completed();
	}

	ContactImport rejectingMissingRows() {
		RowOutcomes outcomes = this.rows.outcomes();
		long missing = Objects.requireNonNull(this.rows.total()) - outcomes.sum();
		return with(Rows.of(this.rows.total(), outcomes.plus(new RowOutcomes(0, 0, 0, 0, missing))), this.batches);
	}

	private ContactImport with(Rows rows, Batches batches) {
		return new ContactImport(this.importId, this.channelId, this.state, rows, batches, this.undo, this.problem,
				this.startedAt, this.finishedAt);
	}

	/**
	 * Where an import stands.
	 */
	public enum State {

		RUNNING, COMPLETED, FAILED, UNDOING, UNDONE

	}

	/**
	 * Rows by outcome.
	 *
	 * @param total how many rows the file has, or {@code null} until it was read to its
	 * end
	 * @param created rows that made a new contact
	 * @param updated rows that changed a contact
	 * @param unchanged rows whose contact had all of it already
	 * @param skipped rows that were left out because their contact was there before
	 * @param rejected rows with a bad value
	 */
	public record Rows(@Nullable Long total, long created, long updated, long unchanged, long skipped, long rejected) {

		static Rows of(@Nullable Long total, RowOutcomes outcomes) {
			return new Rows(total, outcomes.created(), outcomes.updated(), outcomes.unchanged(), outcomes.skipped(),
					outcomes.rejected());
		}

		RowOutcomes outcomes() {
			return new RowOutcomes(this.created, this.updated, this.unchanged, this.skipped, this.rejected);
		}

	}

	/**
	 * Batches.
	 *
	 * @param total how many there are, or {@code null} until the file was read to its end
	 * @param completed how many are stored
	 */
	public record Batches(@Nullable Integer total, int completed) {

	}

	/**
	 * Contacts by what an undo did with them.
	 *
	 * @param removed contacts that the import had created
	 * @param restored contacts that are as they were before
	 * @param kept contacts that were edited since
	 */
	public record Undo(long removed, long restored, long kept) {

	}

}
