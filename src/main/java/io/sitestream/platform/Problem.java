package io.sitestream.platform;

import org.springframework.http.HttpStatus;

/**
 * What went wrong, in the members of RFC 9457.
 *
 * @param type {@code urn:sitestream:problem:<slug>}
 * @param title the status in words
 * @param status the HTTP status
 * @param detail the value, what was expected, and what the caller can do
 */
public record Problem(String type, String title, int status, String detail) {

	/** What every type begins with. */
	public static final String TYPE_PREFIX = "urn:sitestream:problem:";

	/**
	 * A problem of this system.
	 * @param status the HTTP status
	 * @param slug the last part of the type, in kebab case
	 * @param detail the value, what was expected, and what the caller can do
	 * @return the problem
	 */
	public static Problem of(HttpStatus status, String slug, String detail) {
		return new Problem(TYPE_PREFIX + slug, status.getReasonPhrase(), status.value(), detail);
	}

}
