package io.sitestream.notification.stomp;

/**
 * What a client did wrong. It is told in an ERROR frame, which ends the connection.
 */
final class StompFault extends RuntimeException {

	private final String advice;

	private StompFault(String message, String advice) {
		super(message, null, false, false);
		this.advice = advice;
	}

	static StompFault of(String message, String advice) {
		return new StompFault(message, advice);
	}

	/**
	 * The whole text.
	 * @return the message and what was expected
	 */
	String text() {
		return getMessage() + " " + this.advice;
	}

}
