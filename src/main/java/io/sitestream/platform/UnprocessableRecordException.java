package io.sitestream.platform;

import org.jspecify.annotations.Nullable;

/**
 * A permanent fault of one record: trying again would not help. The edge keeps the record
 * as a dead letter and goes on with the rest of its batch.
 */
public class UnprocessableRecordException extends RuntimeException {

	private final Position position;

	public UnprocessableRecordException(Position position, String message) {
		this(position, message, null);
	}

	public UnprocessableRecordException(Position position, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.position = position;
	}

	public Position position() {
		return this.position;
	}

}
