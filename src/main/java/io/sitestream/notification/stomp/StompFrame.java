package io.sitestream.notification.stomp;

import java.io.ByteArrayOutputStream;

import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Writes a frame for the client, as STOMP 1.2 has it: escaped headers but in CONNECTED,
 * and {@code content-length} where there is a body.
 */
final class StompFrame {

	static final byte[] HEART_BEAT = { '\n' };

	private final StringBuilder head;

	private final boolean escaped;

	private StompFrame(String command) {
		this.head = new StringBuilder(command).append('\n');
		this.escaped = !command.equals("CONNECTED");
	}

	static StompFrame named(String command) {
		return new StompFrame(command);
	}

	StompFrame header(String name, @Nullable String value) {
		if (value != null) {
			this.head.append(name).append(':').append(this.escaped ? escape(value) : value).append('\n');
		}
		return this;
	}

	byte[] withoutBody() {
		return bytes(new byte[0]);
	}

	byte[] body(byte[] body) {
		header("content-length", Integer.toString(body.length));
		return bytes(body);
	}

	private byte[] bytes(byte[] body) {
		byte[] start = this.head.append('\n').toString().getBytes(UTF_8);
		ByteArrayOutputStream frame = new ByteArrayOutputStream(start.length + body.length + 1);
		frame.writeBytes(start);
		frame.writeBytes(body);
		frame.write(0);
		return frame.toByteArray();
	}

	private static String escape(String value) {
		return value.replace("\\", "\\\\").replace("\r", "\\r").replace("\n", "\\n").replace(":", "\\c");
	}

}
