package io.sitestream.platform.kafka;

import java.util.List;

import io.sitestream.platform.Position;

/**
 * Dead letters were not taken by their topic, so their batch has to come again: without
 * the records that are named here, or, where none is named, with shorter letters.
 */
class DeadLettersRefusedException extends RuntimeException {

	private final transient List<Refusal> refusals;

	DeadLettersRefusedException(String message, List<Refusal> refusals) {
		super(message);
		this.refusals = List.copyOf(refusals);
	}

	/**
	 * Says which records cannot be kept.
	 * @param refusals at least one
	 * @return the exception
	 */
	static DeadLettersRefusedException of(List<Refusal> refusals) {
		Refusal first = refusals.getFirst();
		return new DeadLettersRefusedException("Record %s (%d bytes) can be neither processed nor kept in '%s': %s%s"
			.formatted(first.position(), first.size(), first.topic(), first.cause(),
					(refusals.size() > 1) ? " (and %d more)".formatted(refusals.size() - 1) : ""),
				refusals);
	}

	List<Refusal> refusals() {
		return this.refusals;
	}

	/**
	 * A record that can be neither processed nor kept.
	 *
	 * @param position where it lies
	 * @param size the bytes of its value
	 * @param topic the dead-letter topic
	 * @param cause why that does not take it, a sentence
	 */
	record Refusal(Position position, long size, String topic, String cause) {

	}

}
