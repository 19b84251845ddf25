package io.sitestream.platform;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Says what is wrong with a value: which member, by its JSON pointer, what is there and
 * what was expected.
 *
 * @param mapper reads the value once more, to show what is there
 * @param value the JSON text
 */
@SuppressWarnings("ArrayRecordComponent")
record RecordFaults(JsonMapper mapper, byte[] value) {

	private static final int LONGEST = 80;

	private static final Pattern KNOWN_TYPES = Pattern.compile("known type ids = (\\[.*?])");

	String describe(JacksonException fault) {
		return switch (fault) {
			case InvalidTypeIdException type -> describe(pointer(type.getPath()) + "/type", types(type));
			// of the element of a list in a list only the outer list's type is known
			case InvalidNullException element when Collection.class.isAssignableFrom(element.getTargetType())
					&& element.getPath().getLast().getPropertyName() == null ->
				describe(pointer(element.getPath()), "no null in a list");
			case InputCoercionException large -> describe(pointer(large.getPath()), expected(large.getTargetType()));
			case ValueInstantiationException refused when refused.getCause() != null -> {
				String pointer = pointer(refused.getPath());
				yield (pointer.isEmpty() ? "" : pointer + ": ") + refused.getCause().getMessage();
			}
			case MismatchedInputException mismatch when mismatch.getTargetType() != null ->
				describe(pointer(mismatch.getPath()), expected(mismatch.getTargetType()));
			default -> {
				String pointer = pointer(fault.getPath());
				yield (pointer.isEmpty() ? "" : pointer + ": ") + fault.getOriginalMessage();
			}
		};
	}

	private String describe(String pointer, String expected) {
		return "%s %s, expected %s.".formatted(pointer.isEmpty() ? "it" : pointer, found(pointer), expected);
	}

	private String found(String pointer) {
		try {
			JsonNode node = this.mapper.readTree(this.value).at(JsonPointer.compile(pointer));
			String text = node.toString();
			return node.isMissingNode() ? "is missing"
					: "is " + ((text.length() > LONGEST) ? text.substring(0, LONGEST) + "…" : text);
		}
		catch (JacksonException ex) {
			return "is not readable";
		}
	}

	private String expected(Class<?> type) {
		if (type.isEnum()) {
			return "one of " + Arrays.stream(type.getEnumConstants())
				.map(this.mapper::writeValueAsString)
				.collect(Collectors.joining(", "));
		}
		return switch (type) {
			case Class<?> text when text == String.class -> "a text";
			case Class<?> number when number == int.class || number == Integer.class -> "a whole number of 32 bits";
			case Class<?> number when number == long.class || number == Long.class -> "a whole number of 64 bits";
			case Class<?> flag when flag == boolean.class || flag == Boolean.class -> "true or false";
			case Class<?> time when time == Instant.class -> "a time as \"2026-11-23T12:00:00Z\"";
			case Class<?> list when Collection.class.isAssignableFrom(list) -> "a list";
			case Class<?> object when Map.class.isAssignableFrom(object) -> "an object";
			case Class<?> json when json == RawJson.class -> "JSON in UTF-8";
			default -> "a " + type.getSimpleName();
		};
	}

	private static String types(InvalidTypeIdException fault) {
		Matcher known = KNOWN_TYPES.matcher(String.valueOf(fault.getOriginalMessage()));
		return known.find() ? "one of " + known.group(1) : "the type of a " + simpleName(fault);
	}

	private static @Nullable String simpleName(InvalidTypeIdException fault) {
		return (fault.getBaseType() != null) ? fault.getBaseType().getRawClass().getSimpleName() : null;
	}

	private static String pointer(List<JacksonException.Reference> path) {
		return path.stream()
			.map((step) -> (step.getPropertyName() != null)
					? step.getPropertyName().replace("~", "~0").replace("/", "~1") : Integer.toString(step.getIndex()))
			.map("/"::concat)
			.collect(Collectors.joining());
	}

}
