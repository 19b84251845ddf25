package io.sitestream.contactjobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The header of a contacts file, understood. Case, spaces and punctuation of the names
 * play no role, nor does the columns' order.
 *
 * @param columns one for each column of the file, in its order
 */
public record ContactColumns(List<Column> columns) {

	private static final ColumnAliases ALIASES = ColumnAliases.load();

	/**
	 * The names of the columns that the list of rejected rows has besides the file's own.
	 */
	public static final List<String> REJECTION_COLUMNS = List.of("import_row", "import_error");

	/**
	 * Understands a header.
	 * @param header the names as they stand in the file
	 * @return the columns
	 */
	public static ContactColumns of(List<String> header) {
		List<Column> columns = new ArrayList<>(header.size());
		for (int i = 0; i < header.size(); i++) {
			columns.add(ALIASES.column(i, header.get(i)));
		}
		return new ContactColumns(List.copyOf(columns));
	}

	/**
	 * How many columns say something about a contact.
	 * @return the number, 0 for a file that has nothing to do with contacts
	 */
	public long recognised() {
		return this.columns.stream().filter((column) -> column.field().isRecognised()).count();
	}

	public List<Column> of(ContactField field) {
		return this.columns.stream().filter((column) -> column.field() == field).toList();
	}

	public int size() {
		return this.columns.size();
	}

	/**
	 * The columns that the file had before its rows were rejected by an earlier import.
	 * @return their indexes
	 */
	public List<Integer> original() {
		return IntStream.range(0, size())
			.filter((i) -> !REJECTION_COLUMNS.contains(this.columns.get(i).name().strip().toLowerCase(Locale.ROOT)))
			.boxed()
			.toList();
	}

	@Override
	public String toString() {
		return this.columns.stream().map(Column::name).collect(Collectors.joining(", "));
	}

	/**
	 * One column.
	 *
	 * @param index where it is, from 0
	 * @param name its name as it stands in the file
	 * @param field what it means
	 * @param group tells columns apart that belong to different addresses
	 */
	public record Column(int index, String name, ContactField field, String group) {

	}

}
