package io.sitestream.mirrors;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A file of contacts, each with an e-mail of its own; every hundredth has a phone number
 * that is none.
 */
final class ContactFile {

	static final String HEADER = "name,email,phone\n";

	private ContactFile() {
	}

	static String rows(int first, int last) {
		return IntStream.rangeClosed(first, last)
			.mapToObj((i) -> "Person %d,p%d@example.org,%s\n".formatted(i, i, (i % 100 == 0) ? "nonsense" : ""))
			.collect(Collectors.joining());
	}

	/**
	 * What an import of the file says at its end.
	 * @param rows the number of rows
	 * @return the rows of its state
	 */
	static String outcome(int rows) {
		return "{\"total\":%d,\"created\":%d,\"updated\":0,\"unchanged\":0,\"skipped\":0,\"rejected\":%d}"
			.formatted(rows, rows - rows / 100, rows / 100);
	}

}
