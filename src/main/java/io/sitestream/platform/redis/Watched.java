package io.sitestream.platform.redis;

/**
 * What is known of one partition while it is ours.
 *
 * @param primaries the primaries that are known for it, empty as long as none is
 * @param reached up to where everything was processed, exclusive
 * @param until up to where records are or were repeated, exclusive; 0 when nothing has
 * been repeated since the last note
 * @param exact whether the last repetition began early enough for all that was lost
 * @param looked when this was last compared with Redis, in milliseconds since 1970
 */
record Watched(String primaries, long reached, long until, boolean exact, long looked) {

	static Watched from(long position) {
		return new Watched("", position, 0, true, 0);
	}

	boolean isRepeating() {
		return this.reached < this.until;
	}

	/**
	 * Whether Redis knows all that was repeated here.
	 */
	boolean isSettled() {
		return this.until == 0;
	}

	Watched settled() {
		return new Watched(this.primaries, this.reached, 0, this.exact, this.looked);
	}

	Watched reached(long position) {
		return new Watched(this.primaries, position, this.until, this.exact, this.looked);
	}

	Watched knowing(String primaries, boolean exact, long now) {
		return new Watched(primaries, this.reached, this.until, exact, now);
	}

	Watched repeatingFrom(long position, String primaries, boolean exact, long now) {
		return new Watched(primaries, position, Math.max(this.until, this.reached), exact, now);
	}

	Watched looked(long now) {
		return new Watched(this.primaries, this.reached, this.until, this.exact, now);
	}

}
