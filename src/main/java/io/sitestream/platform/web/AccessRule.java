package io.sitestream.platform.web;

import java.util.List;
import java.util.Set;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Who may make some calls in mode {@code jwt}.
 *
 * @param calls which calls of these paths
 * @param need what the caller needs
 * @param scope the scope that the token must have, or {@code null} where the need is
 * another
 * @param paths the paths
 */
record AccessRule(Calls calls, Need need, @Nullable String scope,
		List<? extends RequestMatcher> paths) implements RequestMatcher {

	static AccessRule free(Calls calls, String... patterns) {
		return new AccessRule(calls, Need.NOTHING, null, matchers(patterns));
	}

	static AccessRule free(Calls calls, RequestMatcher path) {
		return new AccessRule(calls, Need.NOTHING, null, List.of(path));
	}

	static AccessRule anyToken(Calls calls, String... patterns) {
		return new AccessRule(calls, Need.TOKEN, null, matchers(patterns));
	}

	static AccessRule scope(String scope, Calls calls, String... patterns) {
		return new AccessRule(calls, Need.SCOPE, scope, matchers(patterns));
	}

	static AccessRule scope(String scope, Calls calls, RequestMatcher path) {
		return new AccessRule(calls, Need.SCOPE, scope, List.of(path));
	}

	@Override
	public boolean matches(HttpServletRequest request) {
		return this.calls.include(request.getMethod()) && this.paths.stream().anyMatch((path) -> path.matches(request));
	}

	private static List<PathPatternRequestMatcher> matchers(String... patterns) {
		return List.of(patterns).stream().map(PathPatternRequestMatcher::pathPattern).toList();
	}

	/** What a caller needs. */
	enum Need {

		NOTHING, TOKEN, SCOPE

	}

	/** Calls by their methods. */
	enum Calls {

		ALL, READS, WRITES;

		private static final Set<String> READING = Set.of("GET", "HEAD");

		boolean include(String method) {
			return switch (this) {
				case ALL -> true;
				case READS -> READING.contains(method);
				case WRITES -> !READING.contains(method);
			};
		}

	}

}
