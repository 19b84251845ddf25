package io.sitestream.kvstore;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;

import io.sitestream.platform.ConsistencyToken;
import io.sitestream.platform.Position;
import io.sitestream.platform.Preferences;
import io.sitestream.platform.ProblemException;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Consistency tokens over the topics of stores: the topic is the resource, the partition
 * the key and the offset the version. A token of one instance is good for all that read
 * the same topic.
 */
@Component
public class StoreTokens {

	private final Clock clock;

	StoreTokens(Clock clock) {
		this.clock = clock;
	}

	/**
	 * A token for a record.
	 * @param store a store that reads the record's topic
	 * @param position where the record lies
	 * @return the value of {@link ConsistencyToken#HEADER}
	 */
	public String issue(KeyValueStore<?> store, Position position) {
		return new ConsistencyToken(store.topic().name(), Integer.toString(position.partition()), position.offset(),
				this.clock.instant())
			.encode();
	}

	/**
	 * A token for everything that a store has read by now.
	 * @param store the store
	 * @return the value of {@link ConsistencyToken#HEADER}
	 */
	public String issue(KeyValueStore<?> store) {
		List<String> tokens = store.positions()
			.entrySet()
			.stream()
			.filter((position) -> position.getValue() > 0)
			.map((position) -> new ConsistencyToken(store.topic().name(), position.getKey().toString(),
					position.getValue() - 1, this.clock.instant())
				.encode())
			.toList();
		return String.join(",", tokens);
	}

	/**
	 * Waits until a store shows what the tokens of a request name, for as long as the
	 * request prefers (RFC 7240, {@code wait}), or 2 s.
	 * @param headers the request's headers
	 * @param store the store that is about to be read
	 * @throws ProblemException 503 {@code store-behind} when the wait is over, 400
	 * {@code foreign-token} for a token of another topic, 400 {@code invalid-token}
	 */
	public void await(HttpHeaders headers, KeyValueStore<?> store) {
		List<String> values = headers.getOrEmpty(ConsistencyToken.HEADER);
		if (values.isEmpty()) {
			return;
		}
		Set<String> resources = Set.of(store.topic().name());
		Duration patience = Preferences.parse(headers.getOrEmpty(Preferences.HEADER)).patienceOrDefault();
		long deadline = System.nanoTime() + patience.toNanos();
		for (ConsistencyToken token : ConsistencyToken.parse(String.join(",", values), resources,
				this.clock.instant())) {
			Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
			if (!store.await(new Position(store.topicName(), partition(token), token.version()), left)) {
				throw new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, "store-behind",
						"Store '%s' does not show offset %d of partition %s yet, after %d ms: try again, or wait longer with Prefer: wait=<s>."
							.formatted(store.name(), token.version(), token.key(), patience.toMillis()))
					.withHeader("Retry-After", "1");
			}
		}
	}

	private static int partition(ConsistencyToken token) {
		try {
			return Integer.parseInt(token.key());
		}
		catch (NumberFormatException ex) {
			throw new ProblemException(HttpStatus.BAD_REQUEST, "invalid-token",
					"%s names '%s' of '%s': expected a partition number.".formatted(ConsistencyToken.HEADER,
							token.key(), token.resource()));
		}
	}

}
