package io.sitestream.contactimporter;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import de.siegmar.fastcsv.writer.CsvWriter;

/**
 * Contacts out of everything that CSV, vCards and spreadsheets have a meaning for.
 */
final class RandomContacts {

	private static final List<String> PIECES = List.of("Ada", "O'Neill", " ", "  ", ",", ";", ":", "::", "\"", "'",
			"\\", "\\n", "\\,", "\n", "\r\n", "\t", "=", "+", "-", "@", "^n", "^'", "^^", "<b>", "|", "ü", "ß",
			"\u4e2d", "😀", "=3D", "=\r\n", "END:VCARD", "http://x.example/?a=b&c", "--12-09", "0", "%", "\u00a0", "#",
			"+4930901820");

	private static final List<String> HEADER = List.of("Name", "Given Name", "Family Name", "Email", "Phone", "Company",
			"Job Title", "Birthday", "Labels", "Notes", "Address 1 - Street", "Address 1 - City", "Address 1 - Country",
			"Address 2 - Formatted", "Address 3 - Postal Code", "Address 3 - Region");

	private RandomContacts() {
	}

	static String csv(Random random, int number) {
		StringWriter text = new StringWriter();
		try (CsvWriter csv = CsvWriter.builder().build(text)) {
			csv.writeRecord(HEADER);
			IntStream.range(0, number).forEach((i) -> csv.writeRecord(row(random, i)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return text.toString();
	}

	private static List<String> row(Random random, int i) {
		List<String> row = new ArrayList<>();
		row.add(text(random));
		row.add(text(random));
		row.add(text(random));
		row.add("p%d@example.org%s".formatted(i, random.nextBoolean() ? " ::: o'p+" + i + "=x@example.org" : ""));
		row.add(random.nextBoolean() ? "+49309018%04d ::: +21191234%04d".formatted(i, i) : "");
		row.add(text(random));
		row.add(text(random));
		row.add(List.of("", "1906-12-09", "--02-29", "0001-01-01").get(random.nextInt(4)));
		row.add(text(random));
		IntStream.range(0, 7).forEach((column) -> row.add(text(random)));
		return row;
	}

	private static String text(Random random) {
		return random.ints(random.nextInt(7), 0, PIECES.size()).mapToObj(PIECES::get).collect(Collectors.joining());
	}

}
