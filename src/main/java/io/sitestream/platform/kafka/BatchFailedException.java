package io.sitestream.platform.kafka;

import java.util.Map;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.MessageHandlingException;
import org.springframework.messaging.support.GenericMessage;

/**
 * A batch has to come again. Small on purpose, without stack and without payload: the
 * containers log it whole at every attempt. The cause was logged before.
 */
class BatchFailedException extends MessageHandlingException {

	private final transient Map<TopicPartition, Long> back;

	private final boolean atOnce;

	/**
	 * Says that a batch has to come again.
	 * @param function the function
	 * @param cause why
	 * @param back partitions that have to go back, perhaps further than the batch, and
	 * where to
	 */
	BatchFailedException(String function, Throwable cause, Map<TopicPartition, Long> back) {
		this(function, cause, back, false);
	}

	private BatchFailedException(String function, Throwable cause, Map<TopicPartition, Long> back, boolean atOnce) {
		super(new GenericMessage<>(function), "%s failed: %s".formatted(function, cause));
		this.back = Map.copyOf(back);
		this.atOnce = atOnce;
	}

	/**
	 * Says that a batch has to come again at once, since the repetition is another one.
	 * @param function the function
	 * @param cause why
	 * @return the exception
	 */
	static BatchFailedException atOnce(String function, Throwable cause) {
		return new BatchFailedException(function, cause, Map.of(), true);
	}

	/**
	 * Whether a batch may come again without a pause.
	 * @param thrown what a container caught
	 * @return whether it says so
	 */
	static boolean isAtOnce(@Nullable Throwable thrown) {
		for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
			if (cause instanceof BatchFailedException failed) {
				return failed.atOnce;
			}
		}
		return false;
	}

	/**
	 * Looks for where to go back to.
	 * @param thrown what a container caught
	 * @return partitions and offsets, none if the batch itself is all
	 */
	static Map<TopicPartition, Long> backIn(@Nullable Throwable thrown) {
		for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
			if (cause instanceof BatchFailedException failed) {
				return failed.back;
			}
		}
		return Map.of();
	}

	/**
	 * Whether it was a function that failed.
	 * @param thrown what a container caught
	 * @return whether one is among its causes
	 */
	static boolean isIn(@Nullable Throwable thrown) {
		for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
			if (cause instanceof BatchFailedException) {
				return true;
			}
		}
		return false;
	}

	@Override
	public synchronized Throwable fillInStackTrace() {
		return this;
	}

}
