package io.sitestream.servers;

/**
 * The development run cannot start before something outside of it is changed. The message
 * is all that one needs to know.
 */
public class LocalRunRefusedException extends RuntimeException {

	LocalRunRefusedException(String message) {
		super(message);
	}

}
