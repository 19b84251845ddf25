package io.sitestream.contactjobs.intake;

import java.io.IOException;

/**
 * A row does not fit into a batch.
 */
class RowTooLargeException extends IOException {

	RowTooLargeException(long row, int limit) {
		super("Row %d has more than %d bytes, the limit of a row: a quote may be missing there, or before it."
			.formatted(row, limit));
	}

}
