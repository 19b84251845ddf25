package io.sitestream.platform.kafka;

import io.sitestream.platform.RefusedStartException;

/**
 * Topics in Kafka are not as this system needs them.
 */
class TopicMismatchException extends RefusedStartException {

	TopicMismatchException(String message) {
		super(message);
	}

}
