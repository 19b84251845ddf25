package io.sitestream.platform.kafka;

/**
 * An error of the program that a record brought about, such as a nesting too deep for the
 * stack. As an {@link Error} it would end the consumer for good.
 */
class ProgramErrorException extends RuntimeException {

	ProgramErrorException(Error cause) {
		super(cause.toString(), cause);
	}

}
