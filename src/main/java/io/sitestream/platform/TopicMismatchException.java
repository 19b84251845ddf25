package io.sitestream.platform;

/**
 * Topics in Kafka are not as this system needs them.
 */
class TopicMismatchException extends RuntimeException {

	TopicMismatchException(String message) {
		super(message);
	}

}
