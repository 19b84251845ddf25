package io.sitestream.platform.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;

import io.sitestream.platform.Problem;

import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Errors that no controller saw, such as those of the servlet container.
 */
@RestController
class ProblemErrorController implements ErrorController {

	@RequestMapping("${spring.web.error.path:/error}")
	ResponseEntity<Problem> error(HttpServletRequest request) {
		Problem problem = RejectedRequests
			.problemOf((Throwable) request.getAttribute(RequestDispatcher.ERROR_EXCEPTION), request)
			.orElseGet(() -> problemOf(request));
		return ResponseEntity.status(problem.status()).contentType(MediaType.APPLICATION_PROBLEM_JSON).body(problem);
	}

	private static Problem problemOf(HttpServletRequest request) {
		Object code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
		HttpStatus known = (code instanceof Integer number) ? HttpStatus.resolve(number) : HttpStatus.NOT_FOUND;
		HttpStatus status = (known != null) ? known : HttpStatus.INTERNAL_SERVER_ERROR;
		Object failed = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
		Object path = (failed != null) ? failed : request.getRequestURI();
		return Problem.of(status, RequestFaults.slug(status), "%s %s was answered with %d %s."
			.formatted(request.getMethod(), path, status.value(), status.getReasonPhrase()));
	}

}
