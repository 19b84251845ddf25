package io.sitestream.platform.kafka;

import org.springframework.messaging.MessageHandlingException;
import org.springframework.messaging.support.GenericMessage;

/**
 * A batch has to come again. Small on purpose, without stack and without payload: the
 * containers log it whole at every attempt. The cause was logged before.
 */
class BatchFailedException extends MessageHandlingException {

	BatchFailedException(String function, Throwable cause) {
		super(new GenericMessage<>(function), "%s failed: %s".formatted(function, cause));
	}

	@Override
	public synchronized Throwable fillInStackTrace() {
		return this;
	}

}
