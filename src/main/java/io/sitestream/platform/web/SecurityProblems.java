package io.sitestream.platform.web;

import java.io.IOException;
import java.util.Optional;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import io.sitestream.platform.Problem;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.stereotype.Component;

/**
 * Refusals of the security filters, as problems.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6750#section-3">RFC 6750, the
 * WWW-Authenticate response header</a>
 */
@Component
class SecurityProblems implements AuthenticationEntryPoint, AccessDeniedHandler {

	private final JsonMapper mapper;

	private final AccessRules rules;

	SecurityProblems(JsonMapper mapper, AccessRules rules) {
		this.rules = rules;
		this.mapper = mapper;
	}

	@Override
	public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
			throws IOException {
		boolean sent = request.getHeader(HttpHeaders.AUTHORIZATION) != null;
		response.setHeader(HttpHeaders.WWW_AUTHENTICATE, sent ? "Bearer error=\"invalid_token\"" : "Bearer");
		write(response, Problem.of(HttpStatus.UNAUTHORIZED, "unauthenticated",
				sent ? "The token is not valid: %s Ask its issuer for a new one.".formatted(failure.getMessage())
						: "No token was sent: expected the header 'Authorization: Bearer <token>'."));
	}

	@Override
	public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied)
			throws IOException {
		Optional<String> scope = this.rules.inOrder()
			.stream()
			.filter((rule) -> rule.matches(request))
			.findFirst()
			.map(AccessRule::scope);
		scope.ifPresent((name) -> response.setHeader(HttpHeaders.WWW_AUTHENTICATE,
				"Bearer error=\"insufficient_scope\", scope=\"%s\"".formatted(name)));
		write(response, scope
			.map((name) -> Problem.of(HttpStatus.FORBIDDEN, "insufficient-scope",
					"%s %s needs the scope '%s', which the token does not have: ask its issuer for one with it."
						.formatted(request.getMethod(), request.getRequestURI(), name)))
			.orElseGet(() -> Problem.of(HttpStatus.FORBIDDEN, "forbidden",
					"The token does not allow %s %s.".formatted(request.getMethod(), request.getRequestURI()))));
	}

	private void write(HttpServletResponse response, Problem problem) throws IOException {
		response.setStatus(problem.status());
		response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
		response.getOutputStream().write(this.mapper.writeValueAsBytes(problem));
	}

}
