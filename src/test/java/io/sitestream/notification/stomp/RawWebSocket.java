package io.sitestream.notification.stomp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A WebSocket whose client does what no library lets it do.
 */
final class RawWebSocket implements AutoCloseable {

	private final Socket socket = new Socket();

	RawWebSocket(int port, int receiveBuffer) throws IOException {
		this.socket.setReceiveBufferSize(receiveBuffer);
		this.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		this.socket.setSoTimeout(60_000);
		this.socket.getOutputStream()
			.write(("GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
					+ "Sec-WebSocket-Key: c2l0ZXN0cmVhbS10ZXN0cw==\r\nSec-WebSocket-Version: 13\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
		assertThat(readUntil("\r\n\r\n")).startsWith("HTTP/1.1 101");
	}

	Socket socket() {
		return this.socket;
	}

	/**
	 * Sends text messages in one piece.
	 * @param messages up to 125 bytes each
	 * @throws IOException if the connection is gone
	 */
	void write(String... messages) throws IOException {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		for (String message : messages) {
			byte[] payload = message.getBytes(StandardCharsets.UTF_8);
			all.write(0x81);
			all.write(0x80 | payload.length);
			// a mask of zeros leaves the bytes as they are
			all.writeBytes(new byte[4]);
			all.writeBytes(payload);
		}
		this.socket.getOutputStream().write(all.toByteArray());
	}

	/**
	 * Reads what comes, frames and all.
	 * @param end what comes last
	 * @return all of it
	 * @throws IOException if the connection is gone or nothing comes
	 */
	String readUntil(String end) throws IOException {
		StringBuilder text = new StringBuilder();
		while (text.indexOf(end, text.length() - end.length()) < 0) {
			int read = this.socket.getInputStream().read();
			assertThat(read).as("the end of the connection came after: %s", text).isNotNegative();
			text.append((char) read);
		}
		return text.toString();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
