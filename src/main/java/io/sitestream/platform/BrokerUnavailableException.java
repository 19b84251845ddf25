package io.sitestream.platform;

import org.springframework.http.HttpStatus;

/**
 * Kafka did not take a record in time.
 */
public class BrokerUnavailableException extends ProblemException {

	public BrokerUnavailableException(String topic, boolean mayHaveBeenTaken) {
		super(HttpStatus.SERVICE_UNAVAILABLE, "broker-unavailable",
				"Kafka did not acknowledge a record for topic '%s' in time. %s".formatted(topic, mayHaveBeenTaken
						? "It may still have been taken: look before you repeat, or repeat with the same Idempotency-Key."
						: "It was not taken: try again."));
	}

}
