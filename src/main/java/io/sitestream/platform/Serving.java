package io.sitestream.platform;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Who brings the records to the functions of a process.
 */
public enum Serving {

	/** Consumers of this process, in the groups of the functions. */
	KAFKA,

	/** Callers over HTTP, as a KafkaSource of Knative. Nothing is consumed. */
	HTTP,

	/**
	 * The runtime of AWS Lambda. Nothing is consumed, and nothing runs between two calls.
	 */
	LAMBDA;

	/** The property that says so. */
	public static final String PROPERTY = "sitestream.serving";

	/**
	 * Finds a value by its name.
	 * @param name the name in any case
	 * @return the value
	 * @throws RefusedStartException if there is none of that name
	 */
	public static Serving named(String name) {
		return Arrays.stream(values())
			.filter((serving) -> serving.toString().equalsIgnoreCase(name.trim()))
			.findFirst()
			.orElseThrow(() -> new RefusedStartException(
					"%s is '%s'. Allowed are: %s.".formatted(PROPERTY, name, allowed())));
	}

	private static String allowed() {
		return Arrays.stream(values()).map(Serving::toString).collect(Collectors.joining(", "));
	}

	/**
	 * Whether the functions are called, and not bound to their topics.
	 * @return whether somebody else consumes for them
	 */
	public boolean isCalled() {
		return this != KAFKA;
	}

	/**
	 * Whether the process runs on between two calls, so that it may have work of its own.
	 * @return whether it is never frozen
	 */
	public boolean isResident() {
		return this != LAMBDA;
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
