package io.sitestream.platform.web;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import io.sitestream.platform.Problem;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/**
 * Says what is wrong with a request that Spring refuses: the value, what is expected, and
 * what the caller can do.
 */
final class RequestFaults {

	private RequestFaults() {
	}

	/**
	 * The problem behind a refusal.
	 * @param ex the refusal
	 * @param request the request
	 * @param modules what this process runs
	 * @return the problem, if more can be said than Spring says
	 */
	static Optional<Problem> problemOf(Exception ex, HttpServletRequest request, Set<String> modules) {
		return Optional.ofNullable(switch (ex) {
			case NoResourceFoundException ignored -> notFound(request, modules);
			case NoHandlerFoundException ignored -> notFound(request, modules);
			case HttpRequestMethodNotSupportedException method -> Problem.of(HttpStatus.METHOD_NOT_ALLOWED,
					slug(HttpStatus.METHOD_NOT_ALLOWED), "%s is not supported here. Allowed are: %s."
						.formatted(method.getMethod(), sorted(method.getSupportedMethods())));
			case HttpMediaTypeNotSupportedException type -> Problem.of(HttpStatus.UNSUPPORTED_MEDIA_TYPE,
					slug(HttpStatus.UNSUPPORTED_MEDIA_TYPE), "Content-Type '%s' is not supported. Allowed are: %s."
						.formatted(request.getContentType(), list(type.getSupportedMediaTypes())));
			case HttpMediaTypeNotAcceptableException type -> Problem.of(HttpStatus.NOT_ACCEPTABLE,
					slug(HttpStatus.NOT_ACCEPTABLE), "Accept '%s' cannot be answered. Possible are: %s."
						.formatted(request.getHeader(HttpHeaders.ACCEPT), list(type.getSupportedMediaTypes())));
			case MissingServletRequestParameterException missing ->
				Problem.of(HttpStatus.BAD_REQUEST, "missing-parameter",
						"Parameter '%s' is missing: it is required.".formatted(missing.getParameterName()));
			case MissingRequestHeaderException missing -> Problem.of(HttpStatus.BAD_REQUEST, "missing-header",
					"Header '%s' is missing: it is required.".formatted(missing.getHeaderName()));
			case TypeMismatchException mismatch -> Problem.of(HttpStatus.BAD_REQUEST, "invalid-parameter",
					"%s '%s' is not allowed: expected %s.".formatted(mismatch.getPropertyName(), mismatch.getValue(),
							expectation(mismatch.getRequiredType())));
			default -> null;
		});
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

	private static Problem notFound(HttpServletRequest request, Set<String> modules) {
		return Problem.of(HttpStatus.NOT_FOUND, slug(HttpStatus.NOT_FOUND),
				"Nothing is at '%s' in this process, which runs the modules %s: look at the path, or ask a process that runs the module."
					.formatted(request.getRequestURI(), sorted(modules.toArray(String[]::new))));
	}

	private static String expectation(@Nullable Class<?> type) {
		if (type == null) {
			return "another value";
		}
		if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
			return "a number";
		}
		return (type.isEnum()) ? "one of " + List.of(type.getEnumConstants())
				: "a " + type.getSimpleName().toLowerCase(Locale.ROOT);
	}

	private static String sorted(String @Nullable [] names) {
		return (names != null) ? String.join(", ", new TreeSet<>(Set.of(names))) : "none";
	}

	private static String list(Iterable<?> types) {
		StringBuilder list = new StringBuilder();
		types.forEach((type) -> list.append(list.isEmpty() ? "" : ", ").append(type));
		return list.isEmpty() ? "none" : list.toString();
	}

}
