package io.sitestream.contactimporter.rows;

/**
 * The parts of a contact that are lists, which an import unites.
 */
public enum ListField {

	/** In NFC; equal when they differ in case alone. */
	EMAILS,

	/** In the form of E.164. */
	PHONES,

	/** As they were written; equal when they are canonically. */
	LABELS;

	/**
	 * The form in which values are compared.
	 * @param value a value
	 * @return what is equal for equal values
	 */
	public String key(String value) {
		return switch (this) {
			case EMAILS -> EmailAddress.key(value);
			case LABELS -> CanonicalText.of(value);
			case PHONES -> value;
		};
	}

}
