package io.sitestream.contactjobs.intake;

import java.io.IOException;

import io.sitestream.platform.Problem;

/**
 * The import of an upload has failed while it was read: nothing was heard of it for too
 * long, or this instance ends.
 */
class UploadGivenUpException extends IOException {

	private final transient Problem problem;

	UploadGivenUpException(Problem problem) {
		super(problem.detail());
		this.problem = problem;
	}

	Problem problem() {
		return this.problem;
	}

}
