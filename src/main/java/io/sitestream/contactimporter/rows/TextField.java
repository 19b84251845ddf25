package io.sitestream.contactimporter.rows;

/**
 * The parts of a contact that are one text.
 */
public enum TextField {

	FULL_NAME, GIVEN_NAME, FAMILY_NAME, COMPANY, JOB_TITLE, BIRTHDAY, NOTES

}
