package io.sitestream.platform.serverless;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.sitestream.platform.ProblemException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * An event as it came over HTTP, whatever its mode.
 *
 * @param attributes its attributes and extensions by name; the content type of the data
 * is {@code datacontenttype}
 * @param data the data, or {@code null} if it has none
 * @see <a href=
 * "https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md">CloudEvents
 * 1.0</a>
 */
@SuppressWarnings("ArrayRecordComponent")
record CloudEvent(Map<String, String> attributes, byte @Nullable [] data) {

	static final String CONTENT_TYPE = "datacontenttype";

	private static final List<String> REQUIRED = List.of("specversion", "id", "source", "type");

	private static final String VERSION = "1.0";

	CloudEvent {
		for (String name : REQUIRED) {
			if (attributes.getOrDefault(name, "").isEmpty()) {
				throw invalid("its attribute '%s' is missing or empty".formatted(name));
			}
		}
		if (!VERSION.equals(attributes.get(REQUIRED.getFirst()))) {
			throw invalid(
					"its specversion is '%s', known is %s".formatted(attributes.get(REQUIRED.getFirst()), VERSION));
		}
	}

	/**
	 * An attribute that every event has.
	 * @param name its name
	 * @return its value
	 */
	String required(String name) {
		return attribute(name).orElseThrow(() -> invalid("its attribute '%s' is missing".formatted(name)));
	}

	Optional<String> attribute(String name) {
		return Optional.ofNullable(this.attributes.get(name));
	}

	/**
	 * The problem of a request that is no event.
	 * @param fault what is wrong, as the end of a sentence
	 * @return 400 {@code invalid-event}
	 */
	static ProblemException invalid(String fault) {
		return new ProblemException(HttpStatus.BAD_REQUEST, "invalid-event",
				"This is no CloudEvent: %s. Expected is one in binary mode (headers ce-specversion, ce-id, ce-source and ce-type, the data as body), or Content-Type application/cloudevents+json or application/cloudevents-batch+json."
					.formatted(fault));
	}

}
