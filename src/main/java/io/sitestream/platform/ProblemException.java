package io.sitestream.platform;

import java.net.URI;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * Ends a request with a {@link Problem}, and with headers where the contract asks for
 * some.
 */
public class ProblemException extends ErrorResponseException {

	private final Problem problem;

	public ProblemException(Problem problem) {
		this(problem, null);
	}

	public ProblemException(HttpStatus status, String slug, String detail) {
		this(Problem.of(status, slug, detail));
	}

	/**
	 * A problem with a cause, which the log shows and the caller does not see.
	 * @param status the HTTP status
	 * @param slug the last part of the problem's type
	 * @param detail the value, what was expected, and what the caller can do
	 * @param cause the cause
	 */
	public ProblemException(HttpStatus status, String slug, String detail, Throwable cause) {
		this(Problem.of(status, slug, detail), cause);
	}

	private ProblemException(Problem problem, @Nullable Throwable cause) {
		super(HttpStatusCode.valueOf(problem.status()), detailOf(problem), cause);
		this.problem = problem;
	}

	public Problem problem() {
		return this.problem;
	}

	public ProblemException withHeader(String name, String value) {
		HttpHeaders headers = getHeaders();
		headers.set(name, value);
		return this;
	}

	private static ProblemDetail detailOf(Problem problem) {
		ProblemDetail detail = ProblemDetail.forStatus(problem.status());
		detail.setType(URI.create(problem.type()));
		detail.setTitle(problem.title());
		detail.setDetail(problem.detail());
		return detail;
	}

}
