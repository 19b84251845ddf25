package io.sitestream.platform.kafka;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import io.sitestream.platform.ProblemException;
import org.springframework.http.HttpStatus;

/**
 * How many letters the dead-letter topics have.
 *
 * @param counts the topics that could be counted
 * @param missing the topics that could not, and why
 */
record DeadLetterCounts(Map<String, Long> counts, Map<String, String> missing) {

	private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

	/**
	 * Counts letters.
	 * @param topics the full names of the topics
	 * @param letters reads topics
	 * @return what could be counted within 10 s, and one topic more
	 * @throws ProblemException 503 {@code broker-unavailable} if that is none though some
	 * may exist
	 */
	static DeadLetterCounts of(Collection<String> topics, DeadLetterLog letters) {
		DeadLetterCounts found = new DeadLetterCounts(new TreeMap<>(), new TreeMap<>());
		long deadline = System.nanoTime() + PATIENCE_NANOS;
		ProblemException fault = null;
		for (String topic : topics) {
			if (System.nanoTime() > deadline) {
				found.missing().put(topic, "There was no time to count it.");
				continue;
			}
			try {
				found.counts().put(topic, letters.count(topic));
			}
			catch (ProblemException ex) {
				found.missing().put(topic, ex.problem().detail());
				fault = (ex.problem().status() != HttpStatus.NOT_FOUND.value()) ? ex : fault;
			}
		}
		if (fault != null && found.counts().isEmpty()) {
			throw fault;
		}
		return found;
	}

	/**
	 * What a request gets.
	 * @return the counts by topic, and behind them {@code missing}, where there is
	 * something: no topic is called so
	 */
	Map<String, Object> body() {
		Map<String, Object> body = new LinkedHashMap<>(this.counts);
		if (!this.missing.isEmpty()) {
			body.put("missing", this.missing);
		}
		return body;
	}

}
