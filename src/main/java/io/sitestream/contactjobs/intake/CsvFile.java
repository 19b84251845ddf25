package io.sitestream.contactjobs.intake;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvReader.CsvReaderBuilder;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import io.sitestream.contactjobs.ColumnAliases;
import io.sitestream.contactjobs.ContactColumns;
import io.sitestream.platform.ProblemException;

import org.springframework.http.HttpStatus;

/**
 * Files of comma-separated values (RFC 4180).
 */
final class CsvFile {

	/** No row can be longer, since it must fit into a batch. */
	static final int MAX_RECORD_CHARS = BatchCutter.MAX_BYTES;

	private static final List<Character> DELIMITERS = List.of(',', ';', '\t');

	private CsvFile() {
	}

	/**
	 * Opens a file and understands its header.
	 * @param text the file
	 * @param aliases the names of columns that are known
	 * @return the file
	 * @throws ProblemException 400 {@code unusable-file}, decided on the first 64 KiB
	 */
	static ContactFile open(TextFile text, ColumnAliases aliases) {
		Layout layout = DELIMITERS.stream()
			.flatMap((delimiter) -> Layout.of(text.head(), delimiter, aliases).stream())
			.reduce((one, other) -> other.isBetterThan(one) ? other : one)
			.orElseThrow(() -> unusable("The first 64 KiB hold no complete header line."));
		if (layout.recognised() == 0) {
			throw unusable(
					"None of the columns %s is recognised: expected a header such as 'name,email,phone' or that of a Google Contacts, Outlook or Apple export."
						.formatted(excerpt(layout.header())));
		}
		Rows rows = new Rows(csv(layout.delimiter()).build(handler(), text.content()).iterator());
		ContactColumns columns = aliases.columns(rows.next());
		if (JsonSize.of(columns.names()) + JsonSize.of(columns.meanings()) > 2 * TextFile.HEAD_BYTES) {
			throw unusable("The header line is longer than 64 KiB.");
		}
		return new ContactFile(columns, rows);
	}

	private static CsvReaderBuilder csv(char delimiter) {
		return CsvReader.builder()
			.fieldSeparator(delimiter)
			.skipEmptyLines(true)
			.allowExtraFields(true)
			.allowMissingFields(true)
			.allowExtraCharsAfterClosingQuote(true)
			.allowUnclosedQuote(false);
	}

	private static CsvRecordHandler handler() {
		return CsvRecordHandler.of((records) -> records.maxFieldSize(MAX_RECORD_CHARS).maxRecordSize(MAX_RECORD_CHARS));
	}

	private static String excerpt(List<String> header) {
		String names = String.join(", ", header.subList(0, Math.min(10, header.size())));
		return "'" + ((names.length() > 200) ? names.substring(0, 200) + "…" : names) + "'";
	}

	private static ProblemException unusable(String detail) {
		return new ProblemException(HttpStatus.BAD_REQUEST, "unusable-file", detail);
	}

	/**
	 * The header as it reads with one of the delimiters.
	 *
	 * @param delimiter the delimiter
	 * @param header the names that result
	 * @param recognised how many of them say something about a contact
	 */
	private record Layout(char delimiter, List<String> header, long recognised) {

		static Optional<Layout> of(String head, char delimiter, ColumnAliases aliases) {
			try (Stream<CsvRecord> records = csv(delimiter).build(handler(), head).stream()) {
				return records.filter((record) -> !isBlank(record.getFields()))
					.findFirst()
					.map(CsvRecord::getFields)
					.map((header) -> new Layout(delimiter, header, aliases.columns(header).recognised()));
			}
			catch (CsvParseException ex) {
				return Optional.empty();
			}
		}

		boolean isBetterThan(Layout other) {
			return (this.recognised != other.recognised) ? this.recognised > other.recognised
					: this.header.size() > other.header.size();
		}

	}

	private static boolean isBlank(List<String> cells) {
		return cells.size() == 1 && cells.getFirst().isBlank();
	}

	/**
	 * The records that are rows.
	 */
	private static final class Rows implements Iterator<List<String>> {

		private final Iterator<CsvRecord> records;

		private Optional<List<String>> next = Optional.empty();

		Rows(Iterator<CsvRecord> records) {
			this.records = records;
		}

		@Override
		public boolean hasNext() {
			while (this.next.isEmpty() && this.records.hasNext()) {
				this.next = Optional.of(this.records.next().getFields()).filter((cells) -> !isBlank(cells));
			}
			return this.next.isPresent();
		}

		@Override
		public List<String> next() {
			hasNext();
			List<String> row = this.next.orElseThrow();
			this.next = Optional.empty();
			return row;
		}

	}

}
