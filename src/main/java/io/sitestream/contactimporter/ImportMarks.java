package io.sitestream.contactimporter;

import java.util.HashMap;
import java.util.Map;

/**
 * What one import has done to a contact so far.
 *
 * @param created whether the import made it
 * @param rows by field the number of the last row of the file that set it
 */
record ImportMarks(boolean created, Map<String, Long> rows) {

	static final ImportMarks NONE = new ImportMarks(false, Map.of());

	/**
	 * The last row that set a field.
	 * @param field the field
	 * @return the row's number, 0 if this import has not set it
	 */
	long row(Enum<?> field) {
		return row(field.name());
	}

	long row(String field) {
		return this.rows.getOrDefault(field, 0L);
	}

	ImportMarks with(Map<String, Long> more) {
		Map<String, Long> rows = new HashMap<>(this.rows);
		more.forEach((field, row) -> rows.merge(field, row, Math::max));
		return new ImportMarks(this.created, Map.copyOf(rows));
	}

}
