package io.sitestream.platform.modules;

import java.util.Set;

import io.sitestream.platform.RefusedStartException;
import io.sitestream.platform.Serving;

/**
 * {@code sitestream.modules} or {@code sitestream.functions} asks for what there is not.
 */
class InvalidSelectionException extends RefusedStartException {

	private InvalidSelectionException(String sentence) {
		super(sentence);
	}

	static InvalidSelectionException unknownModule(String name, Set<String> known) {
		return new InvalidSelectionException(
				"sitestream.modules has '%s'. Allowed are: %s.".formatted(name, String.join(", ", known)));
	}

	static InvalidSelectionException nothingLeft(String value, Set<String> known) {
		return new InvalidSelectionException("sitestream.modules has '%s', which leaves no module. Allowed are: %s."
			.formatted(value, String.join(", ", known)));
	}

	static InvalidSelectionException unknownFunction(String name, Set<String> known) {
		return new InvalidSelectionException(
				"sitestream.functions has '%s'. Allowed are: %s.".formatted(name, known.isEmpty()
						? "none, since the modules of this process have no functions" : String.join(", ", known)));
	}

	static InvalidSelectionException nothingToCall(Serving serving, Set<String> modules) {
		return new InvalidSelectionException(
				"%s is '%s', but the modules %s leave no function that could be called. Name modules with functions, or say '%s'."
					.formatted(Serving.PROPERTY, serving, String.join(", ", modules), Serving.KAFKA));
	}

}
