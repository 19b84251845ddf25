package io.sitestream.contactjobs;

/**
 * What a column of a contacts file can mean.
 */
public enum ContactField {

	FULL_NAME, NAME_PREFIX, GIVEN_NAME, ADDITIONAL_NAME, FAMILY_NAME, NAME_SUFFIX,

	/** One or more e-mail addresses. */
	EMAIL,

	/** One or more phone numbers. */
	PHONE,

	COMPANY, JOB_TITLE, BIRTHDAY, LABELS, NOTES,

	/** An address in one cell, for files that have no parts of it. */
	ADDRESS,

	ADDRESS_STREET, ADDRESS_CITY, ADDRESS_REGION, ADDRESS_POSTAL_CODE, ADDRESS_COUNTRY,

	/** Says something about another column or about an earlier import. */
	IGNORED,

	/** Not known: its values are kept as notes. */
	UNKNOWN;

	/**
	 * Whether a file with such a column can be one of contacts.
	 * @return whether the column says something about a contact
	 */
	public boolean isRecognised() {
		return this != IGNORED && this != UNKNOWN;
	}

}
