package io.sitestream.contactimporter.rows;

import java.text.Normalizer;

/**
 * Texts that look alike and mean the same, but are written in other code points: an é is
 * one, or an e and an accent. Some programs write the one form, some the other.
 *
 * @see <a href="https://www.unicode.org/reports/tr15/">Unicode, normalization forms</a>
 */
public final class CanonicalText {

	private CanonicalText() {
	}

	/**
	 * The form in which texts are compared.
	 * @param text a text
	 * @return the text in the form NFC
	 */
	public static String of(String text) {
		return Normalizer.normalize(text, Normalizer.Form.NFC);
	}

	public static boolean areEqual(String one, String other) {
		return one.equals(other) || of(one).equals(of(other));
	}

}
