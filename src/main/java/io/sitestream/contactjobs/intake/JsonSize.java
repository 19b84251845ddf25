package io.sitestream.contactjobs.intake;

import java.util.List;

/**
 * How many bytes something takes as JSON in UTF-8, at most.
 */
final class JsonSize {

	private static final int QUOTES_AND_COMMA = 3;

	private JsonSize() {
	}

	static long of(List<String> texts) {
		long bytes = QUOTES_AND_COMMA;
		for (String text : texts) {
			bytes += QUOTES_AND_COMMA + of(text);
		}
		return bytes;
	}

	static long of(String text) {
		long bytes = 0;
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c < ' ') {
				bytes += 6;
			}
			else if (c == '"' || c == '\\') {
				bytes += 2;
			}
			else {
				bytes += (c < 0x80) ? 1 : (c < 0x800) ? 2 : 3;
			}
		}
		return bytes;
	}

}
