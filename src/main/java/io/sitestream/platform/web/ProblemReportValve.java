package io.sitestream.platform.web;

import java.io.IOException;

import io.sitestream.platform.Problem;
import jakarta.servlet.ServletException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * Requests that Tomcat refuses before any filter sees them, as problems: malformed
 * request lines and paths, headers that are too long. And answers that fail too late for
 * a problem.
 */
final class ProblemReportValve extends ErrorReportValve {

	/**
	 * An attribute of a request whose answer failed when a part of it was on its way.
	 */
	static final String BROKEN = ProblemReportValve.class.getName() + ".broken";

	private final JsonMapper mapper;

	ProblemReportValve(JsonMapper mapper) {
		this.mapper = mapper;
	}

	/**
	 * Breaks the connection of an answer that failed: its last chunk is not sent, so that
	 * nobody takes what came for the whole.
	 */
	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		super.invoke(request, response);
		if (request.getAttribute(BROKEN) != null) {
			response.getCoyoteResponse().action(ActionCode.CLOSE_NOW, null);
		}
	}

	@Override
	protected void report(Request request, Response response, @Nullable Throwable failure) {
		int code = response.getStatus();
		if (code < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
			return;
		}
		HttpStatus known = HttpStatus.resolve(code);
		HttpStatus status = (known != null) ? known : HttpStatus.INTERNAL_SERVER_ERROR;
		Problem problem = Problem.of(status, RequestFaults.slug(status),
				"The request was refused with %d %s before its path was looked at: check request line, path and headers for characters that are not allowed or for too great a length."
					.formatted(code, status.getReasonPhrase()));
		try {
			response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
			response.getOutputStream().write(this.mapper.writeValueAsBytes(problem));
			response.finishResponse();
		}
		catch (IOException ex) {
			// the client has gone: there is nobody to tell
			getContainer().getLogger().debug("A refusal could not be written", ex);
		}
	}

}
