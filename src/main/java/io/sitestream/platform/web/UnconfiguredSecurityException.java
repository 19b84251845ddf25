package io.sitestream.platform.web;

import io.sitestream.platform.RefusedStartException;

/**
 * The security mode asks for something that is not configured.
 */
class UnconfiguredSecurityException extends RefusedStartException {

	UnconfiguredSecurityException(String message) {
		super(message);
	}

}
