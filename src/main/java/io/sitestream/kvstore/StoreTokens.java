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
 * and the topic's id are the key and the offset is the version. A token of one instance
 * is good for all that read the same topic. In its mirror in another data centre a record
 * has another offset, so there the token is refused rather than taken for fulfilled.
 */
@Component
public class StoreTokens {

	private static final String OF_TOPIC = "@";

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
		return token(store, position.partition(), position.offset());
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
			.map((position) -> token(store, position.getKey(), position.getValue() - 1))
			.toList();
		return String.join(",", tokens);
	}

	private String token(KeyValueStore<?> store, int partition, long offset) {
		String key = store.topicId().map((id) -> partition + OF_TOPIC + id).orElse(Integer.toString(partition));
		return new ConsistencyToken(store.topic().name(), key, offset, this.clock.instant()).encode();
	}

	/**
	 * Waits until a store shows what the tokens of a request name, for as long as the
	 * request prefers (RFC 7240, {@code wait}), or 2 s.
	 * @param headers the request's headers
	 * @param store the store that is about to be read
	 * @throws ProblemException 503 {@code store-behind} when the wait is over, 400
	 * {@code foreign-token} for a token of another topic, be it one of the same name, 400
	 * {@code invalid-token}
	 */
	public void await(HttpHeaders headers, KeyValueStore<?> store) {
		List<String> values = headers.getOrEmpty(ConsistencyToken.HEADER);
		if (values.isEmpty()) {
			return;
		}
		store.requireFollowing();
		Set<String> resources = Set.of(store.topic().name());
		Duration patience = Preferences.parse(headers.getOrEmpty(Preferences.HEADER)).patienceOrDefault();
		long deadline = System.nanoTime() + patience.toNanos();
		for (ConsistencyToken token : ConsistencyToken.parse(String.join(",", values), resources,
				this.clock.instant())) {
			Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
			if (!isOf(store, token)
					|| !store.await(new Position(store.topicName(), partition(token), token.version()), left)) {
				throw new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, "store-behind",
						"Store '%s' does not show offset %d of partition %s yet, after %d ms: try again, or wait longer with Prefer: wait=<s>."
							.formatted(store.name(), token.version(), token.key(), patience.toMillis()))
					.withHeader("Retry-After", "1");
			}
		}
	}

	/**
	 * Whether the token is surely of the topic that the store reads.
	 */
	private static boolean isOf(KeyValueStore<?> store, ConsistencyToken token) {
		int at = token.key().indexOf(OF_TOPIC);
		if (at < 0) {
			return true;
		}
		String id = token.key().substring(at + 1);
		if (!store.topicId().orElse(id).equals(id)) {
			throw new ProblemException(HttpStatus.BAD_REQUEST, "foreign-token",
					"%s is of a topic '%s' with id %s, but here that topic has id %s: it was made anew, or this is another data centre, where the token says nothing."
						.formatted(ConsistencyToken.HEADER, token.resource(), id, store.topicId().orElse("")));
		}
		return store.topicId().isPresent();
	}

	private static int partition(ConsistencyToken token) {
		int at = token.key().indexOf(OF_TOPIC);
		try {
			return Integer.parseInt((at < 0) ? token.key() : token.key().substring(0, at));
		}
		catch (NumberFormatException ex) {
			throw new ProblemException(HttpStatus.BAD_REQUEST, "invalid-token",
					"%s names '%s' of '%s': expected a partition number.".formatted(ConsistencyToken.HEADER,
							token.key(), token.resource()));
		}
	}

}
