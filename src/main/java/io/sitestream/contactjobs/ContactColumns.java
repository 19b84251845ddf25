package io.sitestream.contactjobs;

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

	/**
	 * The names of the columns that the list of rejected rows has besides the file's own.
	 */
	public static final List<String> REJECTION_COLUMNS = List.of("import_row", "import_error");

	/**
	 * Understands a header by the names that everybody knows.
	 * @param header the names as they stand in the file
	 * @return the columns
	 */
	public static ContactColumns of(List<String> header) {
		return ColumnAliases.standard().columns(header);
	}

	/**
	 * Takes a header as somebody else has understood it.
	 * @param header the names as they stand in the file
	 * @param meanings what {@link #meanings} said
	 * @return the columns
	 */
	public static ContactColumns of(List<String> header, List<String> meanings) {
		return new ContactColumns(IntStream.range(0, header.size())
			.mapToObj((index) -> Column.of(index, header.get(index), meanings.get(index)))
			.toList());
	}

	public List<String> names() {
		return this.columns.stream().map(Column::name).toList();
	}

	/**
	 * What the columns mean, for others who do not know the same names.
	 * @return for each column its field and, after a blank, its group; nothing for one
	 * that is unknown
	 */
	public List<String> meanings() {
		return this.columns.stream().map(Column::meaning).toList();
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

		static Column of(int index, String name, String meaning) {
			String[] parts = meaning.split(" ", 2);
			return new Column(index, name, meaning.isEmpty() ? ContactField.UNKNOWN : ContactField.valueOf(parts[0]),
					(parts.length > 1) ? parts[1] : "");
		}

		String meaning() {
			return (this.field != ContactField.UNKNOWN) ? (this.field.name() + " " + this.group).strip() : "";
		}

	}

}
