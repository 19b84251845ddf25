package io.sitestream.site.cdc;

/**
 * The slot may have passed over changes. They wait in the table.
 */
class PublicationChangedException extends RuntimeException {

	PublicationChangedException(String fault) {
		super(fault + ": changes that were not published meanwhile are sent from site.changes.");
	}

}
