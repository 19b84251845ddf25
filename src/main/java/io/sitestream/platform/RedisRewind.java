package io.sitestream.platform;

/**
 * Repeats records after Redis has lost writes, as it does when it restarts from an older
 * file or fails over to a replica that lagged. Then its primary is another one than
 * before. Which one a function knows, and up to where all that came of its records was
 * written, is noted in Redis itself for each partition, about once a second: a primary
 * that has the note has what was written before it. So the function goes back to that
 * position, or by {@code sitestream.redis.rewind} where that is further, and whoever owns
 * the partition next does so as well until the repetition is through. Guards of the
 * function's own make it harmless.
 */
public interface RedisRewind extends Rewind {

	/**
	 * What holds for writing what comes of the records of a partition.
	 * @param topic the topic's full name
	 * @param partition the partition
	 * @return the terms, which stay for the records of one poll
	 */
	Terms terms(String topic, int partition);

	/**
	 * On what terms something may be written.
	 *
	 * @param primaries the run ids of the primaries that the function knows for this
	 * partition, separated by commas: on any other one a write must not take effect
	 * before the function has gone back. Empty as long as it knows none, {@code *} for
	 * any
	 * @param repeatedBelow what comes of records below this offset was written before: if
	 * it is not there, it was lost
	 * @param exact whether the function went back far enough for all that was lost
	 */
	record Terms(String primaries, long repeatedBelow, boolean exact) {

		/**
		 * For records that no consumer of this process has brought, as those of a dead
		 * letter or of a serverless runtime: nobody here goes back.
		 */
		public static final Terms ANY = new Terms("*", 0, false);

	}

}
