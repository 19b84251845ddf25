package io.sitestream.platform;

/**
 * A function that was called could not process its records for now: they have to be
 * handed over again. The cause was logged before.
 */
public class FunctionFailedException extends RuntimeException {

	public FunctionFailedException(String function, Throwable cause) {
		super("%s failed: %s".formatted(function, cause), cause);
	}

}
