package io.sitestream.platform;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpHeaders;

/**
 * A file that goes to the client while it is being written, however large it is. One that
 * could not be written to its end is never taken for whole: while nothing was sent the
 * fault is answered as a problem, later the connection is broken. A client of HTTP/1.0
 * would not see that, since its answer ends where the connection does; it gets the file
 * with its length, when it is there.
 */
public final class Download {

	private final String type;

	private final String name;

	/**
	 * Creates a file to send.
	 * @param type its media type, with the charset
	 * @param name what a browser calls it, in ASCII and without quotes
	 */
	public Download(String type, String name) {
		this.type = type;
		this.name = name;
	}

	/**
	 * Writes the file.
	 * @param request the request that asked for it
	 * @param response where to
	 * @param content writes the bytes; it may close what it writes to
	 * @throws IOException if the client has gone
	 */
	public void send(HttpServletRequest request, HttpServletResponse response, Content content) throws IOException {
		if (request.getProtocol().equals("HTTP/1.0")) {
			sendWhole(response, content);
			return;
		}
		describe(response);
		content.writeTo(new OpenOutputStream(response.getOutputStream()));
	}

	private void sendWhole(HttpServletResponse response, Content content) throws IOException {
		Path whole = Files.createTempFile("download", null);
		try {
			try (OutputStream out = Files.newOutputStream(whole)) {
				content.writeTo(out);
			}
			describe(response);
			response.setContentLengthLong(Files.size(whole));
			Files.copy(whole, response.getOutputStream());
		}
		finally {
			Files.delete(whole);
		}
	}

	private void describe(HttpServletResponse response) {
		response.setContentType(this.type);
		response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"%s\"".formatted(this.name));
	}

	/** Writes a file. */
	@FunctionalInterface
	public interface Content {

		void writeTo(OutputStream out) throws IOException;

	}

	/**
	 * Closing a writer, as happens after a fault too, does not end the answer: that is
	 * for the server to do when all went well.
	 */
	private static final class OpenOutputStream extends FilterOutputStream {

		OpenOutputStream(OutputStream out) {
			super(out);
		}

		@Override
		public void write(byte[] bytes, int offset, int length) throws IOException {
			this.out.write(bytes, offset, length);
		}

		@Override
		public void close() throws IOException {
			flush();
		}

		@Override
		public void flush() {
			// as full buffers go out: what was not sent yet can still become a problem
		}

	}

}
