package io.sitestream.contactimporter.rows;

import java.util.regex.Pattern;

/**
 * What programs write into every row where there is nothing to say.
 */
final class Placeholder {

	/** Outlook's dates and genders. */
	private static final Pattern NOTHING = Pattern.compile("0?0/0?0/0?0(00)?|Unspecified");

	private Placeholder() {
	}

	static boolean isOne(String cell) {
		return NOTHING.matcher(cell).matches();
	}

}
