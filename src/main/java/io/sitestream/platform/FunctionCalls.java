package io.sitestream.platform;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Calls functions with records that no consumer of this process has brought, as those
 * that a serverless runtime hands over. What holds for a polled batch holds here: a
 * record that cannot be processed is kept as a dead letter while the rest goes on, and
 * what is emitted counts when it is acknowledged. The caller keeps the offsets, and hands
 * over again what was not processed. Safe for use by several threads.
 */
public interface FunctionCalls {

	/**
	 * The functions of this process that may be called.
	 * @return the full names of the topics whose records each of them takes
	 */
	Map<String, Set<String>> callable();

	/**
	 * The functions of this process that may not be called.
	 * @return why, for each of them, as the end of a sentence
	 */
	Map<String, String> refused();

	/**
	 * Calls a function. When this returns all records are processed, or kept as dead
	 * letters.
	 * @param function the function's name
	 * @param records records of its topics, those of one partition in order
	 * @throws IllegalArgumentException if there is no such function here, if it may not
	 * be called, or if a record is of another topic; nothing was processed
	 * @throws FunctionFailedException if the records have to be handed over again later,
	 * as when a server is away; some of them may have been processed
	 */
	void call(String function, List<RawRecord> records);

}
