package io.sitestream.contactjobs;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Some rows of a file, to be stored as one step.
 *
 * @param importId the import
 * @param account whose contacts they are
 * @param batch the number of this batch in the import, from 1
 * @param firstRow the number of the first row in the file, from 1; header and blank lines
 * do not count
 * @param columns the file's header
 * @param rows the cells of each row, in the order of the header; a row may be shorter or
 * longer than the header
 * @param onDuplicate what to do with contacts that are there already
 * @param defaultRegion the ISO 3166-1 code of the country whose national phone numbers
 * are meant, or {@code null} if only international ones are accepted
 * @param meanings what the columns mean, as {@link ContactColumns#meanings} says, so that
 * all understand them alike; {@code null} in records of earlier versions
 */
public record ImportBatchRequested(String importId, String account, int batch, long firstRow, List<String> columns,
		List<List<String>> rows, OnDuplicate onDuplicate, @Nullable String defaultRegion,
		@Nullable List<String> meanings) implements ImportBatch {

	/**
	 * Rows of a file whose columns everybody understands.
	 */
	public ImportBatchRequested(String importId, String account, int batch, long firstRow, List<String> columns,
			List<List<String>> rows, OnDuplicate onDuplicate, @Nullable String defaultRegion) {
		this(importId, account, batch, firstRow, columns, rows, onDuplicate, defaultRegion, null);
	}

	/**
	 * The header, understood.
	 * @return the columns
	 */
	public ContactColumns understood() {
		return (this.meanings != null) ? ContactColumns.of(this.columns, this.meanings)
				: ContactColumns.of(this.columns);
	}

}
