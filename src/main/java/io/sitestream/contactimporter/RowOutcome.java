package io.sitestream.contactimporter;

/**
 * What became of a row that was found good.
 */
enum RowOutcome {

	CREATED, UPDATED, UNCHANGED, SKIPPED

}
