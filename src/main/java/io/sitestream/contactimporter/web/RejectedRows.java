package io.sitestream.contactimporter.web;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.sitestream.contactjobs.ContactColumns;
import io.sitestream.contactjobs.SpreadsheetCell;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The rows of an import that were rejected, as a file that can be corrected and imported
 * again as it is.
 */
@Component
class RejectedRows {

	private static final TypeReference<List<String>> STRINGS = new TypeReference<>() {
	};

	private static final int PAGE = 500;

	private final JdbcClient jdbc;

	private final JsonMapper mapper;

	RejectedRows(JdbcClient jdbc, JsonMapper mapper) {
		this.jdbc = jdbc;
		this.mapper = mapper;
	}

	/**
	 * The header of an imported file.
	 * @param account whose import it is
	 * @param importId the import
	 * @return the names of the columns, if at least one batch of such an import is stored
	 */
	Optional<List<String>> columns(String account, String importId) {
		return this.jdbc.sql("select columns from contacts.imported_file where account = ? and import_id = ?")
			.param(account)
			.param(importId)
			.query((row, number) -> strings(row.getString("columns")))
			.optional();
	}

	/**
	 * Writes the rows, a page at a time, however many there are: between two pages no
	 * connection to the database is held, so a slow reader holds up nobody.
	 * @param importId the import
	 * @param columns its file's header
	 * @param out where to
	 */
	void write(String importId, List<String> columns, OutputStream out) {
		List<Integer> original = ContactColumns.of(columns).original();
		try (CsvWriter csv = CsvWriter.builder().build(out, StandardCharsets.UTF_8)) {
			List<String> header = new ArrayList<>(
					original.stream().map(columns::get).map(SpreadsheetCell::harmless).toList());
			header.addAll(ContactColumns.REJECTION_COLUMNS);
			csv.writeRecord(header);
			List<Rejected> page = page(importId, Long.MIN_VALUE);
			while (!page.isEmpty()) {
				page.forEach((row) -> csv.writeRecord(row.line(original)));
				page = page(importId, page.getLast().number());
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private List<Rejected> page(String importId, long after) {
		return this.jdbc.sql("""
				select row_number, cells, error from contacts.rejected_row
				where import_id = ? and row_number > ? order by row_number limit ?
				""")
			.param(importId)
			.param(after)
			.param(PAGE)
			.query((row, number) -> new Rejected(row.getLong("row_number"), strings(row.getString("cells")),
					row.getString("error")))
			.list();
	}

	private List<String> strings(String json) {
		return this.mapper.readValue(json, STRINGS);
	}

	/**
	 * A rejected row.
	 *
	 * @param number its number in the file
	 * @param cells its cells, in the file's order
	 * @param error why it was rejected
	 */
	private record Rejected(long number, List<String> cells, String error) {

		List<String> line(List<Integer> original) {
			List<String> line = new ArrayList<>(original.stream()
				.map((i) -> (i < this.cells.size()) ? SpreadsheetCell.harmless(this.cells.get(i)) : "")
				.toList());
			line.add(Long.toString(this.number));
			line.add(this.error);
			return line;
		}

	}

}
