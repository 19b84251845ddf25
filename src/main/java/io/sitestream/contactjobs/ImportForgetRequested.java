package io.sitestream.contactjobs;

import java.time.Instant;

/**
 * What is kept about an import, but for the contacts, is to be forgotten: outcomes,
 * rejected rows, and what an undo would need.
 *
 * @param importId the import
 * @param finishedBefore only an import that ended before this time is meant, not a later
 * one with the same idempotency key
 */
public record ImportForgetRequested(String importId, Instant finishedBefore) implements ImportBatch {

	/** No batch has this number. */
	@Override
	public int batch() {
		return 0;
	}

}
