package io.sitestream.projection.reading;

import java.util.List;

/**
 * Answers questions about keys. Safe for use by several threads.
 */
public interface ReadSource {

	/**
	 * Asks several questions in one round trip, or in none.
	 * @param questions the questions
	 * @return the answers, in the same order
	 * @throws org.springframework.dao.DataAccessResourceFailureException if the server is
	 * away or refuses
	 * @throws org.springframework.dao.QueryTimeoutException if it does not answer in time
	 */
	List<List<byte[]>> ask(List<Question> questions);

	/**
	 * Whether the questions of one call are answered by one server, one after the other.
	 * Then, what an earlier answer shows, a later one cannot have missed.
	 * @return whether answers are in order
	 */
	boolean isOrdered();

	/**
	 * Which server has a key now, where several answer side by side.
	 * @param key the key in Redis
	 * @return its run id, or an empty text if the one that should have it is no primary
	 * any more
	 */
	default String primaryOf(byte[] key) {
		throw new UnsupportedOperationException("One server has all keys.");
	}

	/**
	 * Asks one question.
	 * @param question the question
	 * @return the answer
	 */
	default List<byte[]> ask(Question question) {
		return ask(List.of(question)).getFirst();
	}

}
