package io.sitestream.platform;

import java.util.List;
import java.util.Objects;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Knows on whose account a request is.
 */
@Component
public class Accounts implements HandlerMethodArgumentResolver, WebMvcConfigurer {

	public static final String HEADER = "Account-Id";

	public static final String DEFAULT = "demo";

	private final SecurityProperties security;

	Accounts(SecurityProperties security) {
		this.security = security;
	}

	/**
	 * The account of a request.
	 * @param request the request, which has passed the security filters
	 * @return the token's {@code sub} in mode {@code jwt}, else the header
	 * {@code Account-Id} or {@code demo}
	 * @throws ProblemException 403 {@code invalid-account} if the {@code sub} has another
	 * form than an account, 400 {@code invalid-id} if the header has
	 */
	public Account of(HttpServletRequest request) {
		if (this.security.mode() == SecurityMode.JWT) {
			return new Account(subject(request.getUserPrincipal().getName()));
		}
		String header = request.getHeader(HEADER);
		return new Account((header != null) ? Identifier.PLAIN.require(HEADER, header) : DEFAULT);
	}

	private static String subject(String sub) {
		if (!Identifier.PLAIN.matches(sub)) {
			throw new ProblemException(HttpStatus.FORBIDDEN, "invalid-account",
					"The token's sub '%s' names no account: it must match %s. Ask the issuer for a token with such a sub."
						.formatted(sub, Identifier.PLAIN.form()));
		}
		return sub;
	}

	@Override
	public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
		resolvers.add(this);
	}

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return parameter.getParameterType() == Account.class;
	}

	@Override
	public Account resolveArgument(MethodParameter parameter, @Nullable ModelAndViewContainer container,
			NativeWebRequest request, @Nullable WebDataBinderFactory binders) {
		return of(Objects.requireNonNull(request.getNativeRequest(HttpServletRequest.class)));
	}

}
