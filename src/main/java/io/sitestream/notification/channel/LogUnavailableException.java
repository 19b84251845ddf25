package io.sitestream.notification.channel;

import org.jspecify.annotations.Nullable;

/**
 * Redis did not answer, or not as it should. It may have done what was asked; trying
 * again is harmless.
 */
public class LogUnavailableException extends RuntimeException {

	LogUnavailableException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
