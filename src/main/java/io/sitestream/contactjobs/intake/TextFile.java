package io.sitestream.contactjobs.intake;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import io.sitestream.platform.ProblemException;

import org.springframework.http.HttpStatus;

/**
 * A file as text. The encoding is that of the byte order mark, else the one that the
 * client named, else UTF-8; it is never guessed, since guesses are wrong on short files.
 *
 * @param head the text of the first 64 KiB
 * @param whole whether that is the whole file
 * @param content the text from the beginning; a byte that does not belong to the encoding
 * ends it with a {@link java.nio.charset.CharacterCodingException}
 */
record TextFile(String head, boolean whole, Reader content) {

	static final int HEAD_BYTES = 64 * 1024;

	/**
	 * Opens a file.
	 * @param upload the file
	 * @return its text
	 * @throws ProblemException 400 {@code unusable-file} if its first 64 KiB are empty,
	 * or not text in this encoding
	 * @throws IOException if the file cannot be read
	 */
	static TextFile open(Upload upload) throws IOException {
		BufferedInputStream in = new BufferedInputStream(upload.content(), HEAD_BYTES);
		in.mark(HEAD_BYTES + 1);
		byte[] bytes = in.readNBytes(HEAD_BYTES);
		in.reset();
		Encoding encoding = Encoding.of(bytes, upload.charset().orElse(StandardCharsets.UTF_8));
		in.skipNBytes(encoding.markLength());
		boolean whole = bytes.length < HEAD_BYTES;
		String head = decode(bytes, encoding, whole);
		if (head.isBlank()) {
			throw unusable("The file is empty.");
		}
		if (head.chars().anyMatch((c) -> c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f')) {
			throw unusable(
					"The file is not text: it has control characters. A spreadsheet must be saved as CSV (UTF-8) first.");
		}
		return new TextFile(head, whole, reader(in, encoding.charset()));
	}

	private static Reader reader(InputStream in, Charset charset) {
		return new InputStreamReader(in, decoder(charset));
	}

	private static CharsetDecoder decoder(Charset charset) {
		return charset.newDecoder()
			.onMalformedInput(CodingErrorAction.REPORT)
			.onUnmappableCharacter(CodingErrorAction.REPORT);
	}

	private static String decode(byte[] bytes, Encoding encoding, boolean whole) {
		CharBuffer text = CharBuffer.allocate(bytes.length + 1);
		ByteBuffer from = ByteBuffer.wrap(bytes, encoding.markLength(), bytes.length - encoding.markLength());
		CoderResult result = decoder(encoding.charset()).decode(from, text, whole);
		if (result.isError()) {
			throw unusable(
					"The byte 0x%02X at position %d is not %s: save the file as UTF-8, or name its encoding in the content type, as in 'text/csv; charset=windows-1252'."
						.formatted(bytes[from.position()], from.position(), encoding.charset()));
		}
		return text.flip().toString();
	}

	private static ProblemException unusable(String detail) {
		return new ProblemException(HttpStatus.BAD_REQUEST, "unusable-file", detail);
	}

	/**
	 * How bytes become text.
	 *
	 * @param charset the encoding, without a mark
	 * @param markLength how many bytes the byte order mark has
	 */
	private record Encoding(Charset charset, int markLength) {

		static Encoding of(byte[] head, Charset otherwise) {
			if (startsWith(head, 0xEF, 0xBB, 0xBF)) {
				return new Encoding(StandardCharsets.UTF_8, 3);
			}
			if (startsWith(head, 0xFF, 0xFE)) {
				return new Encoding(StandardCharsets.UTF_16LE, 2);
			}
			if (startsWith(head, 0xFE, 0xFF)) {
				return new Encoding(StandardCharsets.UTF_16BE, 2);
			}
			return new Encoding(otherwise, 0);
		}

		private static boolean startsWith(byte[] head, int... mark) {
			return head.length >= mark.length && Arrays.equals(Arrays.stream(mark).toArray(), range(head, mark.length));
		}

		private static int[] range(byte[] head, int length) {
			int[] values = new int[length];
			for (int i = 0; i < length; i++) {
				values[i] = head[i] & 0xFF;
			}
			return values;
		}

	}

}
