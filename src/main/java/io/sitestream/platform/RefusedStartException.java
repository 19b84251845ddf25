package io.sitestream.platform;

/**
 * The configuration, or what was found in a server, does not allow a start. The message
 * is the sentence that an operator reads.
 */
public class RefusedStartException extends RuntimeException {

	public RefusedStartException(String sentence) {
		super(sentence);
	}

}
