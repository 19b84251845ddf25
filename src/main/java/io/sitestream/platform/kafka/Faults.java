package io.sitestream.platform.kafka;

import java.util.List;

import io.sitestream.platform.UnprocessableRecordException;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.NonTransientDataAccessException;
import org.springframework.data.redis.RedisSystemException;

/**
 * Which failures would come again with the same record.
 */
final class Faults {

	private static final List<Class<? extends Throwable>> PERMANENT = List.of(UnprocessableRecordException.class,
			NullPointerException.class, IllegalArgumentException.class, ClassCastException.class,
			IndexOutOfBoundsException.class, ArithmeticException.class, UnsupportedOperationException.class,
			NonTransientDataAccessException.class);

	/**
	 * Refusals of a server, such as a Redis that is full or still loading, which Spring
	 * calls non-transient.
	 */
	private static final List<Class<? extends Throwable>> PASSING = List.of(DataAccessResourceFailureException.class,
			RedisSystemException.class);

	private Faults() {
	}

	/**
	 * Whether a failure lies in a record or in the program, and not in a server that is
	 * away.
	 * @param failure the failure
	 * @return whether trying again would not help
	 */
	static boolean isPermanent(Throwable failure) {
		return PERMANENT.stream().anyMatch((type) -> type.isInstance(failure))
				&& PASSING.stream().noneMatch((type) -> type.isInstance(failure));
	}

}
