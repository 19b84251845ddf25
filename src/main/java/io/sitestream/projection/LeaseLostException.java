package io.sitestream.projection;

/**
 * A task has to be left to somebody else.
 */
class LeaseLostException extends RuntimeException {

	LeaseLostException(String message) {
		super(message);
	}

}
