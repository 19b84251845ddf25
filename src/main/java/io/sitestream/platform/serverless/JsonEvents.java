package io.sitestream.platform.serverless;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads events that are JSON documents, one or several in an array. Data in JSON keeps
 * its meaning, not its spelling; {@code data_base64} keeps every byte. Data that is
 * {@code null} is no data.
 *
 * @see <a href=
 * "https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md">CloudEvents
 * 1.0, JSON event format</a>
 */
final class JsonEvents {

	private static final String DATA = "data";

	private static final String BINARY_DATA = "data_base64";

	/** Numbers keep all their digits. */
	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
		.build();

	private JsonEvents() {
	}

	static CloudEvent one(byte[] body) {
		return event(parsed(body));
	}

	static List<CloudEvent> several(byte[] body) {
		JsonNode array = parsed(body);
		if (!array.isArray()) {
			throw CloudEvent.invalid("a batch is a JSON array, and the body is none");
		}
		List<CloudEvent> events = new ArrayList<>(array.size());
		array.forEach((node) -> events.add(event(node)));
		return events;
	}

	private static JsonNode parsed(byte[] body) {
		try {
			return MAPPER.readTree(body);
		}
		catch (JacksonException ex) {
			throw CloudEvent.invalid("the body is no JSON (%s)".formatted(ex.getOriginalMessage()));
		}
	}

	private static CloudEvent event(JsonNode node) {
		if (!node.isObject()) {
			throw CloudEvent.invalid("an event is a JSON object, and this one is none");
		}
		Map<String, String> attributes = new LinkedHashMap<>();
		node.properties().forEach((member) -> {
			JsonNode value = member.getValue();
			if (member.getKey().equals(DATA) || member.getKey().equals(BINARY_DATA) || value.isNull()) {
				return;
			}
			if (!value.isString() && !value.isBoolean() && !value.isIntegralNumber()) {
				throw CloudEvent
					.invalid("its attribute '%s' is neither text nor number nor boolean".formatted(member.getKey()));
			}
			attributes.put(member.getKey(), value.asString());
		});
		return new CloudEvent(Map.copyOf(attributes), data(node, attributes.get(CloudEvent.CONTENT_TYPE)));
	}

	private static byte @Nullable [] data(JsonNode event, @Nullable String contentType) {
		JsonNode binary = event.path(BINARY_DATA);
		JsonNode data = event.path(DATA);
		if (!binary.isMissingNode() && !binary.isNull()) {
			if (!data.isMissingNode()) {
				throw CloudEvent.invalid("it has both data and data_base64");
			}
			return base64(binary.asString(""));
		}
		if (data.isMissingNode() || data.isNull()) {
			return null;
		}
		boolean text = data.isString() && contentType != null && !contentType.matches("(?i)[^;]*[/+]json\\s*(;.*)?");
		return text ? data.asString().getBytes(StandardCharsets.UTF_8) : MAPPER.writeValueAsBytes(data);
	}

	private static byte[] base64(String text) {
		try {
			return Base64.getDecoder().decode(text);
		}
		catch (IllegalArgumentException ex) {
			throw CloudEvent.invalid("its data_base64 is no base64 (%s)".formatted(ex.getMessage()));
		}
	}

}
