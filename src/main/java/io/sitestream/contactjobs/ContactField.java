package io.sitestream.contactjobs;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

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
	 * Finds a field by its name in a configuration.
	 * @param name a name such as {@code full-name}
	 * @return the field
	 * @throws IllegalArgumentException if there is none
	 */
	static ContactField of(String name) {
		return Arrays.stream(values())
			.filter((field) -> plain(field.name()).equals(plain(name)))
			.findFirst()
			.orElseThrow(
					() -> new IllegalArgumentException("'%s' is no field of a contact: allowed are %s.".formatted(name,
							Arrays.stream(values()).map(ContactField::written).collect(Collectors.joining(", ")))));
	}

	private String written() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/** Environment variables have neither hyphens nor small letters. */
	private static String plain(String name) {
		return name.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
	}

	/**
	 * Whether a file with such a column can be one of contacts.
	 * @return whether the column says something about a contact
	 */
	public boolean isRecognised() {
		return this != IGNORED && this != UNKNOWN;
	}

}
