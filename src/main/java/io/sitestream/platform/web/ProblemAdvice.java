package io.sitestream.platform.web;

import java.net.URI;
import java.util.Optional;

import io.sitestream.platform.ModuleSelection;
import io.sitestream.platform.Problem;
import io.sitestream.platform.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.connector.ClientAbortException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Every error of every controller as a problem.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457, Problem Details for
 * HTTP APIs</a>
 */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

	private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

	private final ModuleSelection selection;

	ProblemAdvice(ModuleSelection selection) {
		this.selection = selection;
	}

	@ExceptionHandler({ DataAccessResourceFailureException.class, CannotCreateTransactionException.class,
			TransientDataAccessException.class })
	@Nullable ResponseEntity<Object> storeUnavailable(Exception ex, WebRequest request) {
		if (isTooLate(ex, request)) {
			return null;
		}
		log.warn("A store does not answer: {}", ex.toString());
		return problem(ex, request, Problem.of(HttpStatus.SERVICE_UNAVAILABLE, "store-unavailable",
				"The store behind this resource does not answer. Nothing was changed: try again."));
	}

	/** Of the body: whoever reads {@code Accept} says so with an exception of its own. */
	@ExceptionHandler({ InvalidMediaTypeException.class, InvalidMimeTypeException.class })
	@Nullable ResponseEntity<Object> unreadableType(Exception ex, WebRequest request) {
		return problem(ex, request,
				Problem.of(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type",
						"Content-Type '%s' cannot be read: expected application/json, with a known charset if any."
							.formatted(request.getHeader(HttpHeaders.CONTENT_TYPE))));
	}

	@ExceptionHandler(Exception.class)
	@Nullable ResponseEntity<Object> unexpected(Exception ex, WebRequest request) {
		if (isTooLate(ex, request)) {
			return null;
		}
		Optional<Problem> rejected = RejectedRequests.problemOf(ex, ((ServletWebRequest) request).getRequest());
		if (rejected.isPresent()) {
			return problem(ex, request, rejected.get());
		}
		log.error("{} failed", request.getDescription(false), ex);
		return problem(ex, request, Problem.of(HttpStatus.INTERNAL_SERVER_ERROR, "internal-error",
				"Something went wrong here, not with the request. The log of this instance says what."));
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(HttpMessageNotReadableException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		return problem(ex, request, BodyFaults.problemOf(ex));
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleHttpMessageNotWritable(HttpMessageNotWritableException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		return unexpected(ex, request);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleExceptionInternal(Exception ex, @Nullable Object body,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		if (isTooLate(ex, request)) {
			return null;
		}
		Object said = (body == null && ex instanceof ErrorResponse error) ? error.getBody() : body;
		if (said instanceof ProblemDetail detail && !isOurs(detail)) {
			detail.setType(URI.create(Problem.TYPE_PREFIX + RequestFaults.slug(status)));
			RequestFaults.problemOf(ex, ((ServletWebRequest) request).getRequest(), this.selection.modules())
				.ifPresent((problem) -> {
					detail.setType(URI.create(problem.type()));
					detail.setTitle(problem.title());
					detail.setDetail(problem.detail());
				});
		}
		return super.handleExceptionInternal(ex, said, asProblem(headers, said), status, request);
	}

	/** Whatever the client accepts, and be it unreadable: an error is a problem. */
	private static HttpHeaders asProblem(HttpHeaders headers, @Nullable Object body) {
		HttpHeaders typed = HttpHeaders.copyOf(headers);
		if (body instanceof ProblemDetail) {
			typed.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		}
		return typed;
	}

	/**
	 * Whether there is nobody to answer any more: the client has gone, or has a part of
	 * the answer, which must not look whole.
	 */
	private static boolean isTooLate(Exception ex, WebRequest request) {
		ServletWebRequest servlet = (ServletWebRequest) request;
		String what = servlet.getHttpMethod() + " " + servlet.getRequest().getRequestURI();
		for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
			if (cause instanceof ClientAbortException || cause instanceof AsyncRequestNotUsableException) {
				log.debug("The client has gone before {} was answered", what, ex);
				return true;
			}
		}
		HttpServletResponse response = servlet.getResponse();
		if (response == null || !response.isCommitted()) {
			return false;
		}
		log.error(
				"{} failed when a part of the answer was sent: the connection is broken, so that nobody takes it for whole",
				what, ex);
		servlet.getRequest().setAttribute(ProblemReportValve.BROKEN, true);
		return true;
	}

	private static boolean isOurs(ProblemDetail detail) {
		return detail.getType() != null && detail.getType().toString().startsWith(Problem.TYPE_PREFIX);
	}

	private @Nullable ResponseEntity<Object> problem(Exception ex, WebRequest request, Problem problem) {
		ProblemException shaped = new ProblemException(problem);
		return super.handleExceptionInternal(ex, shaped.getBody(), asProblem(shaped.getHeaders(), shaped.getBody()),
				shaped.getStatusCode(), request);
	}

}
