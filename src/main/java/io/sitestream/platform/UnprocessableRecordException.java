package io.sitestream.platform;

import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A permanent fault of one record: trying again would not help. The edge keeps the record
 * as a dead letter and goes on with the rest of its batch.
 */
public class UnprocessableRecordException extends RuntimeException {

	private final Position position;

	private final List<UnprocessableRecordException> others;

	public UnprocessableRecordException(Position position, String message) {
		this(position, message, null);
	}

	public UnprocessableRecordException(Position position, String message, @Nullable Throwable cause) {
		this(position, message, cause, List.of());
	}

	private UnprocessableRecordException(Position position, @Nullable String message, @Nullable Throwable cause,
			List<UnprocessableRecordException> others) {
		super(message, cause);
		this.position = position;
		this.others = others;
	}

	/**
	 * The faults of several records, so that however many there are, the rest of their
	 * batch is processed again once.
	 * @param faults at least one
	 * @return the first of them, which knows the others
	 */
	public static UnprocessableRecordException of(List<UnprocessableRecordException> faults) {
		UnprocessableRecordException first = faults.getFirst();
		return new UnprocessableRecordException(first.position, first.getMessage(), first.getCause(),
				List.copyOf(faults.subList(1, faults.size())));
	}

	public Position position() {
		return this.position;
	}

	/**
	 * This fault, and those that were found together with it.
	 * @return one fault per record
	 */
	public List<UnprocessableRecordException> faults() {
		return Stream.concat(Stream.of(this), this.others.stream()).toList();
	}

}
