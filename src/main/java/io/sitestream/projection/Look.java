package io.sitestream.projection;

/**
 * What two generations have in one place, in words.
 *
 * @param serving what the serving one has
 * @param compared what the other one has
 */
record Look(String serving, String compared) {

	/** What stands for a view or an entry that is not there, or marked as removed. */
	static final String NOTHING = "nothing";

	/** Begins the words for an entry that contradicts the list of members beside it. */
	static final String BROKEN = "contradiction: ";

	private static final String VERSION = "version ";

	boolean differs() {
		return !this.serving.equals(this.compared) || this.serving.startsWith(BROKEN);
	}

	/**
	 * Whether both sides have something, of different versions: one may be about to
	 * follow the other.
	 */
	boolean isMoving() {
		return this.serving.startsWith(VERSION) && this.compared.startsWith(VERSION)
				&& !version(this.serving).equals(version(this.compared));
	}

	private static String version(String words) {
		return words.substring(VERSION.length()).split(",")[0];
	}

}
