package io.sitestream.platform;

import java.net.URI;

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
		super(HttpStatusCode.valueOf(problem.status()), detailOf(problem), null);
		this.problem = problem;
	}

	public ProblemException(HttpStatus status, String slug, String detail) {
		this(Problem.of(status, slug, detail));
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
