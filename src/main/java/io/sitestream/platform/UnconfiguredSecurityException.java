package io.sitestream.platform;

/**
 * The security mode asks for something that is not configured.
 */
class UnconfiguredSecurityException extends RuntimeException {

	UnconfiguredSecurityException(String message) {
		super(message);
	}

}
