package io.sitestream.platform.web;

import java.io.IOException;

import io.sitestream.platform.ProblemException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Bounds the bodies that are read into memory: 413 {@code body-too-large} to whoever
 * reads on. Files of contacts are not, they are streamed and have a bound of their own.
 */
@Component
class BodyLimit extends OncePerRequestFilter {

	/** In bytes; what becomes of a body must fit into a record of 1 MiB. */
	static final long LARGEST = 2L * 1024 * 1024;

	private static final RequestMatcher API = PathPatternRequestMatcher.pathPattern("/api/**");

	private static final RequestMatcher UPLOAD = PathPatternRequestMatcher.pathPattern(HttpMethod.POST,
			"/api/contact-imports");

	@Override
	protected boolean shouldNotFilter(HttpServletRequest request) {
		return !API.matches(request) || UPLOAD.matches(request);
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		chain.doFilter(new LimitedRequest(request), response);
	}

	private static ProblemException tooLarge() {
		return new ProblemException(HttpStatus.CONTENT_TOO_LARGE, "body-too-large",
				"The body has more than %d bytes, which is the most that is read: send less at a time."
					.formatted(LARGEST));
	}

	private static final class LimitedRequest extends HttpServletRequestWrapper {

		LimitedRequest(HttpServletRequest request) {
			super(request);
		}

		@Override
		public ServletInputStream getInputStream() throws IOException {
			if (getContentLengthLong() > LARGEST) {
				throw tooLarge();
			}
			return new LimitedInputStream(super.getInputStream(), LARGEST, BodyLimit::tooLarge);
		}

	}

}
