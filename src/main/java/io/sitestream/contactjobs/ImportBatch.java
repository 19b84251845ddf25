package io.sitestream.contactjobs;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * What is asked of an importer: one record of {@code contact-import-batches}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({ @JsonSubTypes.Type(value = ImportBatchRequested.class, name = "ImportBatchRequested"),
		@JsonSubTypes.Type(value = ImportBatchUndoRequested.class, name = "ImportBatchUndoRequested"),
		@JsonSubTypes.Type(value = ImportForgetRequested.class, name = "ImportForgetRequested") })
public sealed interface ImportBatch permits ImportBatchRequested, ImportBatchUndoRequested, ImportForgetRequested {

	String importId();

	int batch();

	/**
	 * The record's key, which spreads the batches of one import over all importers.
	 * @return {@code importId/batch}
	 */
	default String key() {
		return importId() + "/" + batch();
	}

}
