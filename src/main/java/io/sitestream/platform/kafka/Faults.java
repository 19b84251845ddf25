package io.sitestream.platform.kafka;

import java.util.List;

import io.sitestream.platform.UnprocessableRecordException;

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

}
