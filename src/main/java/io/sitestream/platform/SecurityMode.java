package io.sitestream.platform;

/**
 * Who may call. {@code open} has to be asked for.
 */
public enum SecurityMode {

	/**
	 * Every call to {@code /api} and every CONNECT at {@code /ws} needs a valid token.
	 */
	JWT,

	/** Anybody may do anything; the header {@code Account-Id} says who asks. */
	OPEN

}
