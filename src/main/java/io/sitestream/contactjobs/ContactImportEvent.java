package io.sitestream.contactjobs;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.sitestream.platform.Problem;
import org.jspecify.annotations.Nullable;

/**
 * What happened to an import: one record of {@code contact-import-events}. The
 * {@code ImportStarted} of an import is acknowledged before any of its batches is sent,
 * so it lies before all others.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({ @JsonSubTypes.Type(value = ContactImportEvent.ImportStarted.class, name = "ImportStarted"),
		@JsonSubTypes.Type(value = ContactImportEvent.ImportUploadContinued.class, name = "ImportUploadContinued"),
		@JsonSubTypes.Type(value = ContactImportEvent.ImportExpired.class, name = "ImportExpired"),
		@JsonSubTypes.Type(value = ContactImportEvent.ImportForgotten.class, name = "ImportForgotten"),
		@JsonSubTypes.Type(value = ContactImportEvent.ImportBatchCompleted.class, name = "ImportBatchCompleted"),
		@JsonSubTypes.Type(value = ContactImportEvent.ImportBatchFailed.class, name = "ImportBatchFailed"),
		@JsonSubTypes.Type(value = ContactImportEvent.ImportCut.class, name = "ImportCut"),
		@JsonSubTypes.Type(value = ContactImportEvent.ImportBroken.class, name = "ImportBroken"),
		@JsonSubTypes.Type(value = ContactImportEvent.ImportUndoRequested.class, name = "ImportUndoRequested"),
		@JsonSubTypes.Type(value = ContactImportEvent.ImportBatchUndone.class, name = "ImportBatchUndone") })
public sealed interface ContactImportEvent {

	String importId();

	Instant at();

	/**
	 * A file has begun to come in, and its header was understood.
	 *
	 * @param importId the import
	 * @param account whose import it is
	 * @param channelId where its progress is told
	 * @param uploadId tells uploads with one idempotency key apart: the first one is the
	 * import; {@code null} without a key
	 * @param fingerprint tells another upload with the key from a repetition of this one;
	 * {@code null} without a key, and in records of older releases
	 * @param at when
	 */
	record ImportStarted(String importId, String account, String channelId, @Nullable String uploadId,
			@Nullable UploadFingerprint fingerprint, Instant at) implements ContactImportEvent {

		public ImportStarted(String importId, String account, String channelId, @Nullable String uploadId, Instant at) {
			this(importId, account, channelId, uploadId, null, at);
		}

	}

	/**
	 * The file is still coming in: said from time to time by whoever reads it, so that
	 * nobody takes a slow upload for one whose reader has died.
	 *
	 * @param importId the import
	 * @param signs how often this was said by now, from 1
	 * @param at when
	 */
	record ImportUploadContinued(String importId, long signs, Instant at) implements ContactImportEvent {
	}

	/**
	 * A batch is stored. A batch that is delivered twice is answered twice, with the same
	 * outcomes.
	 *
	 * @param importId the import
	 * @param batch the batch's number
	 * @param outcomes what became of its rows
	 * @param at when it was stored
	 */
	record ImportBatchCompleted(String importId, int batch, RowOutcomes outcomes,
			Instant at) implements ContactImportEvent {

	}

	/**
	 * A batch could not even be read, so nobody knows how many rows it has: those that
	 * are missing once all others have their outcome are counted as rejected.
	 *
	 * @param importId the import
	 * @param batch the batch's number
	 * @param at when it was given up
	 */
	record ImportBatchFailed(String importId, int batch, Instant at) implements ContactImportEvent {
	}

	/**
	 * The file was read to its end and all its batches are on the topic.
	 *
	 * @param importId the import
	 * @param rows how many rows it has
	 * @param batches how many batches they were cut into
	 * @param at when
	 */
	record ImportCut(String importId, long rows, int batches, Instant at) implements ContactImportEvent {

	}

	/**
	 * The file could not be read to its end. Batches that were sent before are stored all
	 * the same.
	 *
	 * @param importId the import
	 * @param problem why
	 * @param signs by how many signs of life it was judged, when nothing was heard of the
	 * upload any more: one that has given more by then is not broken. {@code null} when
	 * its reader says so itself
	 * @param at when
	 */
	record ImportBroken(String importId, Problem problem, @Nullable Long signs,
			Instant at) implements ContactImportEvent {

		public ImportBroken(String importId, Problem problem, Instant at) {
			this(importId, problem, null, at);
		}

	}

	/**
	 * The account wants an import that is no longer running undone.
	 *
	 * @param importId the import
	 * @param at when
	 */
	record ImportUndoRequested(String importId, Instant at) implements ContactImportEvent {
	}

	/**
	 * What a batch did is undone. A request that is delivered twice is answered twice,
	 * with the same numbers.
	 *
	 * @param importId the import
	 * @param batch the batch's number
	 * @param removed contacts that the import had created
	 * @param restored contacts that are as they were before
	 * @param kept contacts that were edited since
	 * @param at when
	 */
	record ImportBatchUndone(String importId, int batch, long removed, long restored, long kept,
			Instant at) implements ContactImportEvent {
	}

	/**
	 * An import has been kept long enough: all that was kept for it is to be forgotten.
	 *
	 * @param importId the import
	 * @param finishedBefore only an import that ended before this time is meant, not a
	 * later one with the same idempotency key
	 * @param at when
	 */
	record ImportExpired(String importId, Instant finishedBefore, Instant at) implements ContactImportEvent {
	}

	/**
	 * Importers keep nothing of an expired import any more. Its contacts stay.
	 *
	 * @param importId the import
	 * @param finishedBefore the time of its {@code ImportExpired}
	 * @param at when
	 */
	record ImportForgotten(String importId, Instant finishedBefore, Instant at) implements ContactImportEvent {
	}

}
