package io.sitestream.notification.channel;

/**
 * Redis did not answer, or not as it should. It may have done what was asked; trying
 * again is harmless.
 */
public class LogUnavailableException extends RuntimeException {

	LogUnavailableException(String message, Throwable cause) {
		super(message, cause);
	}

}
