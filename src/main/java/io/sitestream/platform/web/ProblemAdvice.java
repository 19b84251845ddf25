package io.sitestream.platform.web;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

import io.sitestream.platform.Problem;
import io.sitestream.platform.ProblemException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
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

	private static final URI BLANK = URI.create("about:blank");

	@ExceptionHandler({ DataAccessResourceFailureException.class, CannotCreateTransactionException.class,
			TransientDataAccessException.class })
	@Nullable ResponseEntity<Object> storeUnavailable(Exception ex, WebRequest request) {
		log.warn("A store does not answer: {}", ex.toString());
		return problem(ex, request, Problem.of(HttpStatus.SERVICE_UNAVAILABLE, "store-unavailable",
				"The store behind this resource does not answer. Nothing was changed: try again."));
	}

	@ExceptionHandler(Exception.class)
	@Nullable ResponseEntity<Object> unexpected(Exception ex, WebRequest request) {
		log.error("{} failed", request.getDescription(false), ex);
		return problem(ex, request, Problem.of(HttpStatus.INTERNAL_SERVER_ERROR, "internal-error",
				"Something went wrong here, not with the request. The log of this instance says what."));
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(HttpMessageNotReadableException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		UnrecognizedPropertyException unknown = cause(ex, UnrecognizedPropertyException.class).orElse(null);
		if (unknown != null) {
			return problem(ex, request,
					Problem.of(HttpStatus.BAD_REQUEST, "unknown-property", "Property '%s' is unknown. Known are: %s."
						.formatted(unknown.getPropertyName(), unknown.getKnownPropertyIds())));
		}
		String detail = cause(ex, JacksonException.class)
			.map((cause) -> "The body cannot be read as JSON: %s".formatted(cause.getOriginalMessage()))
			.orElse("The body is missing or cannot be read: expected JSON.");
		return problem(ex, request, Problem.of(HttpStatus.BAD_REQUEST, "invalid-body", detail));
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleExceptionInternal(Exception ex, @Nullable Object body,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		Object detailed = (body == null && ex instanceof ErrorResponse error) ? error.getBody() : body;
		if (detailed instanceof ProblemDetail detail && (detail.getType() == null || BLANK.equals(detail.getType()))) {
			detail.setType(URI.create(Problem.TYPE_PREFIX + slug(ex, status)));
		}
		return super.handleExceptionInternal(ex, detailed, headers, status, request);
	}

	private @Nullable ResponseEntity<Object> problem(Exception ex, WebRequest request, Problem problem) {
		ProblemException shaped = new ProblemException(problem);
		return super.handleExceptionInternal(ex, shaped.getBody(), shaped.getHeaders(), shaped.getStatusCode(),
				request);
	}

	static String slug(Exception ex, HttpStatusCode status) {
		if (ex instanceof MissingServletRequestParameterException) {
			return "missing-parameter";
		}
		if (ex instanceof MethodArgumentTypeMismatchException) {
			return "invalid-parameter";
		}
		return slug(status);
	}

	/**
	 * The slug of an error that only has a status.
	 * @param status the status
	 * @return its reason phrase in kebab case
	 */
	static String slug(HttpStatusCode status) {
		HttpStatus known = HttpStatus.resolve(status.value());
		return (known != null) ? known.name().toLowerCase(Locale.ROOT).replace('_', '-') : "status-" + status.value();
	}

	private static <T extends Throwable> Optional<T> cause(Throwable failure, Class<T> type) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (type.isInstance(cause)) {
				return Optional.of(type.cast(cause));
			}
		}
		return Optional.empty();
	}

}
