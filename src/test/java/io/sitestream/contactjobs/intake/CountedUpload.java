package io.sitestream.contactjobs.intake;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

import io.sitestream.contactjobs.ImportClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An upload over a socket that keeps little for itself, which counts what the socket has
 * taken.
 */
final class CountedUpload {

	private static final int ROW = 1_000;

	private static final String HEADER = "name,email,notes\n";

	private final AtomicLong sent = new AtomicLong();

	private final ImportClient client;

	private final int port;

	private final int rows;

	/**
	 * Describes an upload of an account of its own.
	 * @param port where to
	 * @param rows how many rows of 1,000 bytes, each of another contact
	 */
	CountedUpload(int port, int rows) {
		this.client = new ImportClient(port);
		this.port = port;
		this.rows = rows;
	}

	ImportClient client() {
		return this.client;
	}

	/**
	 * How much of the file the socket has taken so far.
	 * @return bytes
	 */
	long sent() {
		return this.sent.get();
	}

	/**
	 * Sends the file and waits for the answer.
	 * @return the import's path
	 */
	String send() {
		try (Socket socket = new Socket()) {
			socket.setSendBufferSize(64 * 1024);
			socket.connect(new InetSocketAddress("127.0.0.1", this.port));
			OutputStream out = socket.getOutputStream();
			out.write(ascii(head()));
			write(out, HEADER);
			for (int row = 1; row <= this.rows; row++) {
				String begin = "Person %1$d,person%1$d@slow.example.org,".formatted(row);
				write(out, begin + "n".repeat(ROW - 1 - begin.length()) + "\n");
			}
			String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
			assertThat(answer).startsWith("HTTP/1.1 202");
			return answer.lines()
				.filter((line) -> line.startsWith("Location: "))
				.map((line) -> line.substring("Location: ".length()))
				.findFirst()
				.orElseThrow();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void write(OutputStream out, String text) throws IOException {
		byte[] bytes = ascii(text);
		out.write(bytes);
		this.sent.addAndGet(bytes.length);
	}

	private String head() {
		return """
				POST /api/contact-imports?channelId=%s HTTP/1.1
				Host: localhost
				Account-Id: %s
				Content-Type: text/csv
				Content-Length: %d
				Connection: close

				""".formatted(this.client.channelId(), this.client.account(), HEADER.length() + (long) ROW * this.rows)
			.replace("\n", "\r\n");
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}
