package io.sitestream.platform.web;

import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

import io.sitestream.platform.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.stereotype.Component;

/**
 * Requests that are refused because of their form, by the firewall or by Tomcat, when
 * somebody comes to read that part of them: that may be a filter, a controller, or what
 * writes the answer. They are the client's mistake wherever they are noticed.
 */
@Component
class RejectedRequests implements RequestRejectedHandler {

	private static final String REJECTED = "The request was rejected because ";

	private static final Pattern DOTS = Pattern.compile("/(\\.|%2e){1,2}(/|$)", Pattern.CASE_INSENSITIVE);

	private final JsonMapper mapper;

	RejectedRequests(JsonMapper mapper) {
		this.mapper = mapper;
	}

	@Override
	public void handle(HttpServletRequest request, HttpServletResponse response, RequestRejectedException rejected)
			throws IOException {
		Problem problem = problemOf(rejected, request).orElseThrow();
		response.reset();
		response.setStatus(problem.status());
		response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
		response.getOutputStream().write(this.mapper.writeValueAsBytes(problem));
	}

	/**
	 * The problem behind a failure.
	 * @param failure what was thrown, anywhere
	 * @param request the request, which is not asked for more than its method and path
	 * @return the problem, if the request was refused because of its form
	 */
	static Optional<Problem> problemOf(@Nullable Throwable failure, HttpServletRequest request) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			switch (cause) {
				case UnreadableHeaderException header -> {
					return Optional.of(header.problem());
				}
				case RequestRejectedException rejected -> {
					return Optional.of(rejected(rejected, request));
				}
				case InvalidParameterException parameter -> {
					return Optional.of(unreadable(parameter));
				}
				default -> {
					// its cause may be one
				}
			}
		}
		return Optional.empty();
	}

	private static Problem rejected(RequestRejectedException rejected, HttpServletRequest request) {
		String why = String.valueOf(rejected.getMessage()).replace(REJECTED, "").replaceAll("\\.$", "");
		if (why.startsWith("the parameter: ")) {
			return Problem.of(HttpStatus.BAD_REQUEST, "invalid-parameter",
					"A parameter has the character NUL: expected text without it.");
		}
		if (DOTS.matcher(request.getRequestURI()).find()) {
			return Problem.of(HttpStatus.BAD_REQUEST, "invalid-id",
					"'%s' is not allowed: no part of a path, and no identifier, is '.' or '..', encoded or not."
						.formatted(request.getRequestURI()));
		}
		return Problem.of(HttpStatus.BAD_REQUEST, "bad-request",
				"%s %s is refused: %s. Expected are a method of HTTP, a path without empty segments, semicolons, backslashes, encoded slashes, dots or percent signs, and names without control characters."
					.formatted(request.getMethod(), request.getRequestURI(), why));
	}

	private static Problem unreadable(InvalidParameterException parameter) {
		HttpStatus known = HttpStatus.resolve(parameter.getErrorCode());
		HttpStatus status = (known != null && known.is4xxClientError()) ? known : HttpStatus.BAD_REQUEST;
		return Problem.of(status, (status == HttpStatus.BAD_REQUEST) ? "invalid-parameter" : RequestFaults.slug(status),
				"The parameters cannot be read: expected names and values in percent-encoded UTF-8, at most 1000 of them, and none in the body.");
	}

}
