package io.sitestream.contactjobs.intake;

import java.io.IOException;

/**
 * A file went on beyond the limit.
 */
class FileTooLargeException extends IOException {

	FileTooLargeException(long limit) {
		super("The file has more than %d bytes, the limit of sitestream.contactjobs.max-file-size: split it."
			.formatted(limit));
	}

}
