package io.sitestream.platform.web;

import io.sitestream.platform.Problem;

import org.springframework.security.web.firewall.RequestRejectedException;

/**
 * A header that is used here cannot be read.
 */
class UnreadableHeaderException extends RequestRejectedException {

	private final transient Problem problem;

	UnreadableHeaderException(Problem problem) {
		super(problem.detail());
		this.problem = problem;
	}

	Problem problem() {
		return this.problem;
	}

}
