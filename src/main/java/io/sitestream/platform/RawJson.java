package io.sitestream.platform;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * JSON that is only passed on: a member of a record whose text stays as it came, digit by
 * digit and blank by blank. {@link RecordFormat} reads and writes it.
 *
 * @param text one JSON value
 */
@JsonSerialize(using = RawJson.Writer.class)
public record RawJson(String text) {

	/**
	 * JSON that is made here.
	 * @param value the value
	 * @return its text
	 */
	public static RawJson of(JsonNode value) {
		return new RawJson(value.toString());
	}

	/**
	 * The text as it lies in Kafka.
	 * @return UTF-8
	 */
	public byte[] bytes() {
		return this.text.getBytes(StandardCharsets.UTF_8);
	}

	@Override
	public String toString() {
		return this.text;
	}

	static final class Writer extends StdSerializer<RawJson> {

		Writer() {
			super(RawJson.class);
		}

		@Override
		public void serialize(RawJson value, JsonGenerator out, SerializationContext context) {
			out.writeRawValue(value.text());
		}

	}

	/**
	 * Takes the bytes between the beginning of a value and its end.
	 */
	static final class Reader extends StdDeserializer<RawJson> {

		/** The attribute that has the bytes that are being parsed. */
		static final String SOURCE = "source";

		private static final String NOT_UTF_8 = "expected JSON in UTF-8";

		Reader() {
			super(RawJson.class);
		}

		@Override
		public RawJson deserialize(JsonParser in, DeserializationContext context) {
			byte[] source = (byte[]) context.getAttribute(SOURCE);
			long begin = in.currentTokenLocation().getByteOffset();
			if (begin < 0) {
				return context.reportInputMismatch(this, NOT_UTF_8);
			}
			in.skipChildren();
			in.finishToken();
			long end = in.currentLocation().getByteOffset();
			try {
				return new RawJson(StandardCharsets.UTF_8.newDecoder()
					.decode(ByteBuffer.wrap(source, (int) begin, (int) (end - begin)))
					.toString()
					.strip());
			}
			catch (CharacterCodingException ex) {
				return context.reportInputMismatch(this, NOT_UTF_8);
			}
		}

		/** The value {@code null} is passed on like any other. */
		@Override
		public Object getNullValue(DeserializationContext context) {
			return new RawJson("null");
		}

		@Override
		public Object getAbsentValue(DeserializationContext context) {
			return context.reportInputMismatch(this, "missing");
		}

	}

}
