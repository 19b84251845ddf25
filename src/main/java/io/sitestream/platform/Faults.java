package io.sitestream.platform;

import java.util.List;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.NonTransientDataAccessException;

/**
 * Which failures would come again with the same record.
 */
final class Faults {

	private static final List<Class<? extends Throwable>> PERMANENT = List.of(UnprocessableRecordException.class,
			NullPointerException.class, IllegalArgumentException.class, ClassCastException.class,
			IndexOutOfBoundsException.class, ArithmeticException.class, UnsupportedOperationException.class,
			NonTransientDataAccessException.class);

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
				&& !(failure instanceof DataAccessResourceFailureException);
	}

}
