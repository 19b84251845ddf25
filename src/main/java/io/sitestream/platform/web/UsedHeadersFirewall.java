package io.sitestream.platform.web;

import java.util.Collections;
import java.util.Enumeration;
import java.util.Locale;
import java.util.Set;

import io.sitestream.platform.Problem;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpStatus;
import org.springframework.security.web.firewall.FirewalledRequest;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.stereotype.Component;

/**
 * Guards paths, methods and parameters as Spring Security does (and lets no parameter
 * have a NUL, which no text of PostgreSQL can hold), and of the headers only those that
 * something here reads. The others may hold what they like, as the name of a city in
 * {@code CF-IPCity}: bytes of UTF-8 look like control characters to a server that takes
 * them for ISO 8859-1.
 */
@Component
class UsedHeadersFirewall extends StrictHttpFirewall {

	private static final Set<String> USED = Set.of("accept", "account-id", "authorization", "consistency-token",
			"content-type", "idempotency-key", "if-match", "if-modified-since", "if-none-match", "if-unmodified-since",
			"last-event-id", "origin", "prefer", "range", "access-control-request-headers",
			"access-control-request-method");

	/** Attributes of events, see CloudEvents' binding to HTTP. */
	private static final String EVENT_ATTRIBUTE = "ce-";

	UsedHeadersFirewall() {
		setAllowedHeaderValues((value) -> true);
		setAllowedParameterValues((value) -> value.indexOf('\0') < 0);
	}

	@Override
	public FirewalledRequest getFirewalledRequest(HttpServletRequest request) {
		Enumeration<String> names = request.getHeaderNames();
		while (names.hasMoreElements()) {
			String name = names.nextElement();
			for (String value : Collections.list(request.getHeaders(name))) {
				if (!isReadable(value) && isUsed(name)) {
					throw new UnreadableHeaderException(unreadable(name, value));
				}
			}
		}
		return super.getFirewalledRequest(request);
	}

	private static boolean isReadable(String value) {
		for (int i = 0; i < value.length(); i++) {
			char next = value.charAt(i);
			if (Character.isISOControl(next) && next != '\t') {
				return false;
			}
		}
		return true;
	}

	private static boolean isUsed(String name) {
		String lower = name.toLowerCase(Locale.ROOT);
		return USED.contains(lower) || lower.startsWith(EVENT_ATTRIBUTE);
	}

	private static Problem unreadable(String name, String value) {
		StringBuilder visible = new StringBuilder();
		value.chars()
			.limit(120)
			.forEach((next) -> visible
				.append(Character.isISOControl(next) ? "\\x%02X".formatted(next) : Character.toString(next)));
		return Problem.of(HttpStatus.BAD_REQUEST, "invalid-header",
				"Header %s is '%s', which cannot be read: expected characters of ASCII. Percent-encode others where the header allows it."
					.formatted(name, visible));
	}

}
