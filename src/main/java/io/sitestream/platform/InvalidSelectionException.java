package io.sitestream.platform;

import java.util.Set;

/**
 * A name in {@code sitestream.modules} or {@code sitestream.functions} that nobody knows.
 */
class InvalidSelectionException extends RuntimeException {

	InvalidSelectionException(String property, String value, Set<String> known) {
		super("%s has '%s'. Allowed are: %s.".formatted(property, value, String.join(", ", known)));
	}

}
