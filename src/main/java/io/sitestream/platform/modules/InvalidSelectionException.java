package io.sitestream.platform.modules;

import java.util.Set;

import io.sitestream.platform.RefusedStartException;

/**
 * A name in {@code sitestream.modules} or {@code sitestream.functions} that nobody knows.
 */
class InvalidSelectionException extends RefusedStartException {

	InvalidSelectionException(String property, String value, Set<String> known) {
		super("%s has '%s'. Allowed are: %s.".formatted(property, value, String.join(", ", known)));
	}

}
