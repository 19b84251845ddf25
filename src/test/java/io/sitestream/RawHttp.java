package io.sitestream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * HTTP byte by byte, for what no client library sends or shows.
 */
public final class RawHttp {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private RawHttp() {
	}

	/**
	 * Sends a request and reads until the server closes the connection.
	 * @param port the server's port
	 * @param head request line and headers, lines separated by {@code \n}; characters go
	 * out as UTF-8
	 * @param body the body, whose length is said unless the head says something of it
	 * @return the answer
	 * @throws IOException if the connection fails
	 */
	public static Answer send(int port, String head, byte[] body) throws IOException {
		StringBuilder request = new StringBuilder(head.strip().replace("\n", "\r\n")).append("\r\n");
		String lower = head.toLowerCase(Locale.ROOT);
		if (!lower.contains("\nhost:")) {
			request.append("Host: 127.0.0.1\r\n");
		}
		if (!lower.contains("\nconnection:")) {
			request.append("Connection: close\r\n");
		}
		if (body.length > 0 && !lower.contains("\ncontent-length:") && !lower.contains("\ntransfer-encoding:")) {
			request.append("Content-Length: ").append(body.length).append("\r\n");
		}
		try (Socket socket = new Socket("127.0.0.1", port)) {
			socket.setSoTimeout(60_000);
			socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
			socket.getOutputStream().write(body);
			return read(socket.getInputStream());
		}
	}

	private static Answer read(InputStream in) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		boolean reset = false;
		try {
			in.transferTo(bytes);
		}
		catch (IOException ex) {
			reset = true;
		}
		String text = bytes.toString(StandardCharsets.UTF_8);
		int end = text.indexOf("\r\n\r\n");
		return (end < 0) ? new Answer("", text, reset)
				: new Answer(text.substring(0, end), text.substring(end + 4), reset);
	}

	/**
	 * What came back.
	 *
	 * @param head status line and headers
	 * @param content what followed, chunks with their lengths
	 * @param reset whether the connection broke and was not closed
	 */
	public record Answer(String head, String content, boolean reset) {

		public int status() {
			return this.head.isEmpty() ? 0 : Integer.parseInt(this.head.split(" ")[1]);
		}

		public boolean has(String header) {
			return this.head.toLowerCase(Locale.ROOT).contains("\r\n" + header.toLowerCase(Locale.ROOT));
		}

		public boolean isChunked() {
			return has("transfer-encoding: chunked");
		}

		/**
		 * Whether a client takes the answer for whole.
		 * @return whether the last chunk came, or nothing was chunked and the connection
		 * was closed in order
		 */
		public boolean isWhole() {
			return !this.reset && (!isChunked() || this.content.endsWith("0\r\n\r\n"));
		}

		/**
		 * What was sent, without the lengths of chunks.
		 * @return the body as text
		 */
		public String body() {
			if (!isChunked()) {
				return this.content;
			}
			byte[] bytes = this.content.getBytes(StandardCharsets.UTF_8);
			ByteArrayOutputStream body = new ByteArrayOutputStream();
			int at = 0;
			while (at < bytes.length) {
				int end = at;
				while (bytes[end] != '\r') {
					end++;
				}
				int length = Integer.parseInt(new String(bytes, at, end - at, StandardCharsets.US_ASCII), 16);
				body.write(bytes, end + 2, Math.min(length, bytes.length - end - 2));
				at = end + 2 + length + 2;
			}
			return body.toString(StandardCharsets.UTF_8);
		}

		/**
		 * The JSON object in the content.
		 * @return it, read
		 */
		public JsonNode json() {
			return MAPPER.readTree(body());
		}

	}

}
