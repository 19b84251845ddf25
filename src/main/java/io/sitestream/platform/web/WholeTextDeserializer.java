package io.sitestream.platform.web;

import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.jdk.StringDeserializer;
import tools.jackson.databind.exc.MismatchedInputException;

/**
 * Reads texts that consist of whole characters. JSON lets one write half of a surrogate
 * pair, as <code>"\ud800"</code>; no UTF-8 can hold it, so a question mark would be
 * stored in its place.
 */
final class WholeTextDeserializer extends StringDeserializer {

	@Override
	public String deserialize(JsonParser parser, DeserializationContext context) {
		String text = super.deserialize(parser, context);
		if (text != null && !isWhole(text)) {
			throw new HalfCharacterException(parser);
		}
		return text;
	}

	private static boolean isWhole(String text) {
		for (int i = 0; i < text.length(); i++) {
			char next = text.charAt(i);
			if (Character.isSurrogate(next)) {
				if (!Character.isHighSurrogate(next) || i + 1 == text.length()
						|| !Character.isLowSurrogate(text.charAt(i + 1))) {
					return false;
				}
				i++;
			}
		}
		return true;
	}

	/**
	 * A text has half of a character.
	 */
	static final class HalfCharacterException extends MismatchedInputException {

		HalfCharacterException(JsonParser parser) {
			super(parser, "Half of a surrogate pair", String.class);
		}

	}

}
