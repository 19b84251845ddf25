package io.sitestream.contactjobs;

/**
 * How many rows had which outcome. Every row has exactly one.
 *
 * @param created rows that made a new contact
 * @param updated rows that changed a contact
 * @param unchanged rows whose contact had all of it already
 * @param skipped rows that were left out because their contact was there before
 * @param rejected rows with a bad value, which can be read as CSV
 */
public record RowOutcomes(long created, long updated, long unchanged, long skipped, long rejected) {

	public static final RowOutcomes NONE = new RowOutcomes(0, 0, 0, 0, 0);

	public long sum() {
		return this.created + this.updated + this.unchanged + this.skipped + this.rejected;
	}

	public RowOutcomes plus(RowOutcomes more) {
		return new RowOutcomes(this.created + more.created, this.updated + more.updated,
				this.unchanged + more.unchanged, this.skipped + more.skipped, this.rejected + more.rejected);
	}

}
