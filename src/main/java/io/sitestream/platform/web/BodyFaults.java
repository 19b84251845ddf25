package io.sitestream.platform.web;

import java.time.temporal.Temporal;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.sitestream.platform.Problem;
import io.sitestream.platform.ProblemException;
import io.sitestream.platform.web.WholeTextDeserializer.HalfCharacterException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

import org.springframework.http.HttpStatus;

/**
 * Says what is wrong with a JSON body in the client's words: property, value and what was
 * expected, and no name of a class.
 */
final class BodyFaults {

	private static final String MISSING = "The body is missing or cannot be read: expected JSON.";

	private BodyFaults() {
	}

	static Problem problemOf(Throwable failure) {
		ProblemException ours = cause(failure, ProblemException.class).orElse(null);
		if (ours != null) {
			return ours.problem();
		}
		UnrecognizedPropertyException unknown = cause(failure, UnrecognizedPropertyException.class).orElse(null);
		if (unknown != null) {
			return unknownProperty(unknown);
		}
		return Problem.of(HttpStatus.BAD_REQUEST, "invalid-body",
				cause(failure, JacksonException.class).map(BodyFaults::detail).orElse(MISSING));
	}

	private static Problem unknownProperty(UnrecognizedPropertyException ex) {
		Collection<Object> ids = Optional.ofNullable(ex.getKnownPropertyIds()).orElse(List.of());
		String known = ids.stream().map(String::valueOf).collect(Collectors.toCollection(TreeSet::new)).toString();
		return Problem.of(HttpStatus.BAD_REQUEST, "unknown-property", "Property '%s' is unknown. Known are: %s."
			.formatted(place(ex), known.substring(1, known.length() - 1)));
	}

	private static String detail(JacksonException ex) {
		if (ex instanceof StreamReadException) {
			return "The body cannot be read as JSON, at line %d, column %d: %s.".formatted(ex.getLocation().getLineNr(),
					ex.getLocation().getColumnNr(), ex.getOriginalMessage().replaceAll("\\.$", ""));
		}
		if (ex.getOriginalMessage().startsWith("No content")) {
			return MISSING;
		}
		String place = place(ex);
		String subject = place.isEmpty() ? "The body" : "Property '%s'".formatted(place);
		if (ex instanceof HalfCharacterException) {
			return "%s has half of a character (one surrogate without the other): expected whole ones."
				.formatted(subject);
		}
		if (ex instanceof StreamConstraintsException) {
			return "The body is not allowed: %s.".formatted(ex.getOriginalMessage().replaceAll(" \\(.*|\\.$", ""));
		}
		if (ex instanceof InvalidFormatException format) {
			return "%s is '%s', which is not allowed: expected %s.".formatted(subject, format.getValue(),
					expectation(format.getTargetType()));
		}
		if (ex instanceof MismatchedInputException mismatch) {
			return "%s has another form than allowed: expected %s.".formatted(subject,
					expectation(mismatch.getTargetType()));
		}
		return "%s is not allowed: look at its value.".formatted(subject);
	}

	private static String expectation(@Nullable Class<?> type) {
		if (type == null) {
			return "another value";
		}
		if (type.isEnum()) {
			return "one of " + Arrays.stream(type.getEnumConstants()).map(Object::toString).toList();
		}
		if (CharSequence.class.isAssignableFrom(type)) {
			return "text";
		}
		if (type == Boolean.class || type == boolean.class) {
			return "true or false";
		}
		if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
			return "a number";
		}
		if (Temporal.class.isAssignableFrom(type)) {
			return "a date or time in ISO 8601";
		}
		return (Collection.class.isAssignableFrom(type) || type.isArray()) ? "a list" : "an object";
	}

	private static String place(JacksonException ex) {
		StringBuilder place = new StringBuilder();
		for (JacksonException.Reference step : ex.getPath()) {
			if (step.getPropertyName() == null) {
				place.append('[').append(step.getIndex()).append(']');
			}
			else {
				place.append(place.isEmpty() ? "" : ".").append(step.getPropertyName());
			}
		}
		return place.toString();
	}

	private static <T extends Throwable> Optional<T> cause(Throwable failure, Class<T> type) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (type.isInstance(cause)) {
				return Optional.of(type.cast(cause));
			}
		}
		return Optional.empty();
	}

}
