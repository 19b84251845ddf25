package io.sitestream.contactjobs.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjLongConsumer;

import io.sitestream.contactjobs.ContactColumns;
import io.sitestream.contactjobs.ImportBatchRequested;
import io.sitestream.contactjobs.OnDuplicate;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the rows of one file into batches of at most 1,000 rows and about 512 KiB, so that
 * each is a record that Kafka takes and a transaction of moderate length.
 */
final class BatchCutter {

	static final int MAX_ROWS = 1000;

	static final int MAX_BYTES = 512 * 1024;

	private final Frame frame;

	private final ObjLongConsumer<ImportBatchRequested> batches;

	private List<List<String>> pending = new ArrayList<>();

	private long pendingBytes;

	private long rows;

	private int cut;

	/**
	 * Creates a cutter.
	 * @param frame what all batches of the file have in common
	 * @param batches takes each batch as soon as it is full, and about how many bytes it
	 * has
	 */
	BatchCutter(Frame frame, ObjLongConsumer<ImportBatchRequested> batches) {
		this.frame = frame;
		this.batches = batches;
	}

	/**
	 * Adds a row.
	 * @param cells its cells
	 * @throws RowTooLargeException if it does not fit into any batch
	 */
	void add(List<String> cells) throws RowTooLargeException {
		long bytes = JsonSize.of(cells);
		if (bytes > MAX_BYTES) {
			throw new RowTooLargeException(this.rows + 1, MAX_BYTES);
		}
		if (this.pending.size() == MAX_ROWS || this.pendingBytes + bytes > MAX_BYTES) {
			flush();
		}
		this.pending.add(cells);
		this.pendingBytes += bytes;
		this.rows++;
	}

	/**
	 * Hands over the last batch. A file without rows is one empty batch, so that
	 * importers know its header.
	 */
	void end() {
		if (!this.pending.isEmpty() || this.cut == 0) {
			flush();
		}
	}

	long rows() {
		return this.rows;
	}

	int batches() {
		return this.cut;
	}

	private void flush() {
		this.cut++;
		this.batches.accept(
				new ImportBatchRequested(this.frame.importId(), this.frame.account(), this.cut,
						this.rows - this.pending.size() + 1, this.frame.columns().names(), this.pending,
						this.frame.onDuplicate(), this.frame.defaultRegion(), this.frame.columns().meanings()),
				this.pendingBytes);
		this.pending = new ArrayList<>();
		this.pendingBytes = 0;
	}

	/**
	 * What all batches of a file have in common.
	 *
	 * @param importId the import
	 * @param account whose contacts they are
	 * @param columns the file's header
	 * @param onDuplicate what to do with contacts that are there already
	 * @param defaultRegion the country of national phone numbers, or {@code null}
	 */
	record Frame(String importId, String account, ContactColumns columns, OnDuplicate onDuplicate,
			@Nullable String defaultRegion) {

	}

}
