package io.sitestream.contactjobs.intake;

import java.io.IOException;

import io.sitestream.platform.Problem;

/**
 * Nothing was heard of an upload for so long that its import has failed meanwhile.
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
