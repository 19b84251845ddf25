package io.sitestream.platform;

import java.nio.charset.StandardCharsets;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/**
 * How values look in Kafka: JSON in UTF-8, unknown properties ignored, times as ISO 8601
 * text. Safe for use by several threads.
 */
@Component
public class RecordFormat {

	private final JsonMapper mapper = JsonMapper.builder()
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
		.build();

	public byte[] write(Object value) {
		if (value instanceof byte[] bytes) {
			return bytes;
		}
		return this.mapper.writeValueAsBytes(value);
	}

	/**
	 * Reads a value.
	 * @param value the JSON text
	 * @param type what it should be
	 * @param <T> what it should be
	 * @return the value
	 * @throws IllegalArgumentException if the text is not JSON of this type; the message
	 * says what is wrong with it
	 */
	public <T> T read(byte[] value, Class<T> type) {
		try {
			T read = this.mapper.readValue(value, type);
			if (read == null) {
				throw new IllegalArgumentException("Value is the JSON null, expected a " + type.getSimpleName() + ".");
			}
			return read;
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("Value is not a %s: %s Found: %s".formatted(type.getSimpleName(),
					ex.getOriginalMessage(), excerpt(value)), ex);
		}
	}

	private static String excerpt(byte[] value) {
		String text = new String(value, 0, Math.min(value.length, 120), StandardCharsets.UTF_8);
		return (value.length > 120) ? text + "…" : text;
	}

}
