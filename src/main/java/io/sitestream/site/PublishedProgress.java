package io.sitestream.site;

/**
 * How far the commands of a partition are known to be published, while this process has
 * the partition. A batch is known to be when the next one begins behind it: one that
 * failed, or whose transaction was rolled back, begins again at its first record.
 *
 * @param known everything before this offset is, or {@link #UNKNOWN}
 * @param next the offset behind the batch that came last, or {@link #UNKNOWN}
 * @param stored what of it is stored, or {@link #UNKNOWN}
 */
record PublishedProgress(long known, long next, long stored) {

	static final long UNKNOWN = -1;

	/** When the partition has come, and it is not known where its offset is from. */
	static final PublishedProgress NONE = new PublishedProgress(UNKNOWN, UNKNOWN, UNKNOWN);

	PublishedProgress polled(long first, long behind) {
		if (isBefore(first)) {
			return new PublishedProgress(UNKNOWN, behind, UNKNOWN);
		}
		return new PublishedProgress(reached(first).known, behind, this.stored);
	}

	/**
	 * Whether a batch comes from before what is known, as after the log was lost or made
	 * anew: then it is not known what lies there.
	 * @param first the batch's first offset
	 * @return whether it does
	 */
	boolean isBefore(long first) {
		return first < this.known;
	}

	/**
	 * Goes on.
	 * @param position what will be read next
	 * @return with the last batch, if that lies before
	 */
	PublishedProgress reached(long position) {
		boolean isDone = this.next != UNKNOWN && position >= this.next;
		return isDone ? committed(this.next) : this;
	}

	PublishedProgress committed(long offset) {
		return new PublishedProgress(Math.max(this.known, offset), this.next, this.stored);
	}

	PublishedProgress stored(long offset) {
		return new PublishedProgress(this.known, this.next, Math.max(this.stored, offset));
	}

	boolean isToBeStored() {
		return this.known > this.stored;
	}

}
