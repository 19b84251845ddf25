package io.sitestream.platform.kafka;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import io.sitestream.platform.UnprocessableRecordException;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;

import org.springframework.dao.DataIntegrityViolationException;

/**
 * Which failures would come again with the same record. Of a store's refusals only those
 * of the data itself: Spring calls many others non-transient too, such as a primary that
 * is still read-only after a failover, a lock that was not had in time, or a Redis that
 * is full or loading.
 */
final class Faults {

	private static final List<Class<? extends Throwable>> PERMANENT = List.of(UnprocessableRecordException.class,
			NullPointerException.class, IllegalArgumentException.class, ClassCastException.class,
			IndexOutOfBoundsException.class, ArithmeticException.class, UnsupportedOperationException.class,
			DataIntegrityViolationException.class, ProgramErrorException.class);

	private static final List<Class<? extends Throwable>> REFUSALS = List.of(RecordTooLargeException.class,
			RecordBatchTooLargeException.class, InvalidTimestampException.class, InvalidRecordException.class);

	private Faults() {
	}

	/**
	 * Whether a failure lies in a record or in the program, and not in a server that is
	 * away.
	 * @param failure the failure
	 * @return whether trying again would not help
	 */
	static boolean isPermanent(Throwable failure) {
		return PERMANENT.stream().anyMatch((type) -> type.isInstance(failure));
	}

	/**
	 * Whether a topic refuses a record for what the record is, which would come again
	 * with the same one, and with no other.
	 * @param failure the failure
	 * @return what the broker said, if one record is to be searched for
	 */
	static Optional<Throwable> refusal(Throwable failure) {
		return Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
			.filter((cause) -> REFUSALS.stream().anyMatch(cause.getClass()::equals))
			.findFirst();
	}

	/**
	 * Whether a commit was refused because the group has changed since the poll. In a
	 * cooperative group a member goes on processing what it has while it joins anew, so
	 * this is what happens to a transaction that was open at that moment.
	 * @param failure the failure
	 * @return whether the batch may come again at once
	 */
	static boolean isRebalance(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof CommitFailedException || cause instanceof RebalanceInProgressException) {
				return true;
			}
		}
		return false;
	}

}
