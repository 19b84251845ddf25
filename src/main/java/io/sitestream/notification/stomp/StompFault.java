package io.sitestream.notification.stomp;

import org.jspecify.annotations.Nullable;

import org.springframework.web.socket.CloseStatus;

/**
 * What a client did wrong. It is told in an ERROR frame, which ends the connection.
 */
final class StompFault extends RuntimeException {

	private final String advice;

	private final CloseStatus status;

	private final @Nullable String version;

	private StompFault(String message, String advice, CloseStatus status, @Nullable String version) {
		super(message, null, false, false);
		this.advice = advice;
		this.status = status;
		this.version = version;
	}

	static StompFault of(String message, String advice) {
		return new StompFault(message, advice, CloseStatus.PROTOCOL_ERROR, null);
	}

	static StompFault unknownVersion(@Nullable String versions) {
		return new StompFault("Header accept-version is '%s'.".formatted(versions), "Only version 1.2 is spoken.",
				CloseStatus.PROTOCOL_ERROR, "1.2");
	}

	static StompFault tooLong(int longest) {
		return new StompFault("The frame has more than %d bytes.".formatted(longest),
				"Nothing that a client can say here needs so many.", CloseStatus.TOO_BIG_TO_PROCESS, null);
	}

	/**
	 * How the connection is closed.
	 * @return the status
	 */
	CloseStatus status() {
		return this.status;
	}

	/**
	 * The version that is spoken, where the client does not speak it.
	 * @return the header {@code version} of the ERROR frame, or {@code null}
	 */
	@Nullable String version() {
		return this.version;
	}

	/**
	 * The whole text.
	 * @return the message and what was expected
	 */
	String text() {
		return getMessage() + " " + this.advice;
	}

}
