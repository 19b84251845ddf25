package io.sitestream.notification.stomp;

import io.sitestream.platform.Accounts;
import io.sitestream.platform.Identifier;
import io.sitestream.platform.SecurityMode;
import io.sitestream.platform.SecurityProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.stereotype.Component;

/**
 * Whose connection it is, by the headers of CONNECT.
 */
@Component
class StompAccounts {

	private static final String BEARER = "Bearer ";

	private final boolean open;

	private final ObjectProvider<JwtDecoder> decoder;

	StompAccounts(SecurityProperties security, ObjectProvider<JwtDecoder> decoder) {
		this.open = (security.mode() == SecurityMode.OPEN);
		this.decoder = decoder;
	}

	/**
	 * The account that connects.
	 * @param connect the CONNECT frame
	 * @return the account's id
	 * @throws StompFault if it does not say who it is
	 */
	String of(StompHeaderAccessor connect) {
		String account = this.open ? named(connect.getFirstNativeHeader(Accounts.HEADER))
				: subject(connect.getFirstNativeHeader("Authorization"));
		if (!Identifier.PLAIN.matches(account)) {
			throw StompFault.of("Account '%s' is not allowed.".formatted(account),
					"An account's id matches %s.".formatted(Identifier.PLAIN.form()));
		}
		return account;
	}

	private static String named(@Nullable String account) {
		return (account != null) ? account : Accounts.DEFAULT;
	}

	private String subject(@Nullable String authorization) {
		if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
			throw StompFault.of("CONNECT has no token.", "Expected a header 'Authorization: Bearer <token>'.");
		}
		try {
			String subject = this.decoder.getObject().decode(authorization.substring(BEARER.length())).getSubject();
			if (subject == null) {
				throw StompFault.of("The token has no 'sub'.", "It must name the account.");
			}
			return subject;
		}
		catch (JwtException ex) {
			throw StompFault.of("The token is not valid: %s.".formatted(ex.getMessage()),
					"Get a new one and reconnect.");
		}
	}

}
