package io.sitestream.platform;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;

import com.fasterxml.jackson.annotation.Nulls;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MutableCoercionConfig;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

import org.springframework.stereotype.Component;

import static tools.jackson.databind.cfg.CoercionInputShape.Boolean;
import static tools.jackson.databind.cfg.CoercionInputShape.EmptyString;
import static tools.jackson.databind.cfg.CoercionInputShape.Float;
import static tools.jackson.databind.cfg.CoercionInputShape.Integer;

/**
 * How values look in Kafka: JSON in UTF-8, unknown properties ignored, times as ISO 8601
 * text. Safe for use by several threads.
 * <p>
 * A record that was read is whole: every component that is neither {@code @Nullable} nor
 * {@link AddedLater} has a value, in nested records and lists too, and no scalar was made
 * out of one of another kind. So nobody behind this asks for null.
 */
@Component
public class RecordFormat {

	private final JsonMapper mapper = JsonMapper.builder()
		.annotationIntrospector(new RequiredMembers())
		.changeDefaultNullHandling((nulls) -> nulls.withContentNulls(Nulls.FAIL))
		.addModule(new SimpleModule("records").addDeserializer(RawJson.class, new RawJson.Reader())
			.addDeserializer(Instant.class, new InstantReader()))
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
		.withCoercionConfig(LogicalType.Textual, (type) -> refuse(type, Integer, Float, Boolean))
		.withCoercionConfig(LogicalType.Enum, (type) -> refuse(type, Integer, Float, Boolean, EmptyString))
		.withCoercionConfig(LogicalType.Integer,
				(type) -> refuse(type, CoercionInputShape.String, EmptyString, Float, Boolean))
		.withCoercionConfig(LogicalType.Float, (type) -> refuse(type, CoercionInputShape.String, EmptyString, Boolean))
		.withCoercionConfig(LogicalType.Boolean,
				(type) -> refuse(type, CoercionInputShape.String, EmptyString, Integer, Float))
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
	 * says which member is wrong, what is there, and what was expected
	 */
	public <T> T read(byte[] value, Class<T> type) {
		try {
			T read = this.mapper.readerFor(type).withAttribute(RawJson.Reader.SOURCE, value).readValue(value);
			if (read == null) {
				throw new IllegalArgumentException("Value is the JSON null, expected a " + type.getSimpleName() + ".");
			}
			return read;
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("Value is not a %s: %s Found: %s".formatted(type.getSimpleName(),
					new RecordFaults(this.mapper, value).describe(ex), excerpt(value)), ex);
		}
	}

	private static void refuse(MutableCoercionConfig type, CoercionInputShape... shapes) {
		for (CoercionInputShape shape : shapes) {
			type.setCoercion(shape, CoercionAction.Fail);
		}
	}

	private static String excerpt(byte[] value) {
		String text = new String(value, 0, Math.min(value.length, 120), StandardCharsets.UTF_8);
		return (value.length > 120) ? text + "…" : text;
	}

	/**
	 * Takes text alone: numbers of seconds or milliseconds are nobody's here.
	 */
	private static final class InstantReader extends StdDeserializer<Instant> {

		InstantReader() {
			super(Instant.class);
		}

		@Override
		public Instant deserialize(JsonParser in, DeserializationContext context) {
			if (!in.hasToken(JsonToken.VALUE_STRING)) {
				return (Instant) context.handleUnexpectedToken(Instant.class, in);
			}
			try {
				return Instant.parse(in.getString());
			}
			catch (DateTimeException ex) {
				return (Instant) context.handleWeirdStringValue(Instant.class, in.getString(), "no time");
			}
		}

	}

}
