package io.sitestream.contactimporter.rows;

/**
 * The parts of a contact that are lists, which an import unites.
 */
public enum ListField {

	/** As they were written; equal when they differ in case alone. */
	EMAILS,

	/** In the form of E.164. */
	PHONES,

	LABELS

}
