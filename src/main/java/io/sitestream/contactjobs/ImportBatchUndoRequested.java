package io.sitestream.contactjobs;

/**
 * What a batch did is to be undone. It has the batch's key, and so comes after it.
 *
 * @param importId the import
 * @param account whose contacts they are
 * @param batch the number of the batch
 */
public record ImportBatchUndoRequested(String importId, String account, int batch) implements ImportBatch {
}
