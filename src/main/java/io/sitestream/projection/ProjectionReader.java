package io.sitestream.projection;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.Range.Boundary;
import io.sitestream.platform.ConsistencyToken;
import io.sitestream.platform.ProblemException;
import io.sitestream.platform.RedisKeySpace;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Reads a projection. It never writes, so it runs with a Redis user who may not. Safe for
 * use by several threads.
 */
public final class ProjectionReader {

	private static final Duration NOTE_IS_FRESH = Duration.ofSeconds(5);

	private static final long NOTES_CACHED_MILLIS = 250;

	private final String projection;

	private final int partitions;

	private final RedisAccess redis;

	private final Generations generations;

	private final byte[] notesKey;

	private final Advances advances;

	private final Clock clock;

	private final long started;

	private volatile Lag lag = new Lag(0, Duration.ZERO);

	ProjectionReader(String projection, int partitions, RedisAccess redis, Generations generations, RedisKeySpace space,
			Advances advances, Clock clock) {
		this.projection = projection;
		this.partitions = partitions;
		this.redis = redis;
		this.generations = generations;
		this.notesKey = ProjectionKeys.notes(space, projection);
		this.advances = advances;
		this.clock = clock;
		this.started = clock.millis();
	}

	/**
	 * The view of a key.
	 * @param key the key
	 * @return the view, or nothing if there is none or it was removed
	 */
	public Optional<StoredView> find(String key) {
		return Optional.ofNullable(findAll(List.of(key)).get(key));
	}

	/**
	 * The views of several keys.
	 * @param keys the keys
	 * @return those that exist, in the same order
	 */
	public Map<String, StoredView> findAll(List<String> keys) {
		Map<String, StoredView> found = stored(keys);
		found.values().removeIf(StoredView::isMarker);
		return found;
	}

	/**
	 * The keys whose views have an index key, in ascending order.
	 * @param indexKey the index key
	 * @param after where to begin, exclusive; an empty text for the beginning
	 * @param limit how many at most
	 * @return a page of them
	 */
	public IndexPage page(String indexKey, String after, int limit) {
		byte[] members = this.generations.served(this.projection).members(indexKey);
		Range<byte[]> range = Range.from(
				after.isEmpty() ? Boundary.unbounded() : Boundary.excluding(after.getBytes(UTF_8)),
				Boundary.unbounded());
		Long count = this.redis.one((redis) -> redis.zcard(members));
		List<byte[]> found = this.redis.one((redis) -> redis.zrangebylex(members, range, Limit.create(0, limit + 1L)));
		List<String> keys = new ArrayList<>();
		if (found != null) {
			found.forEach((key) -> keys.add(new String(key, UTF_8)));
		}
		boolean more = keys.size() > limit;
		List<String> page = more ? keys.subList(0, limit) : keys;
		return new IndexPage((count != null) ? count : 0, List.copyOf(page),
				more ? Optional.of(page.getLast()) : Optional.empty());
	}

	/**
	 * Waits until the projection shows at least what the tokens name; a removed view
	 * counts by its marker.
	 * @param tokens tokens whose keys are keys of this projection
	 * @param patience how long to wait
	 * @throws ProblemException 503 {@code projection-behind} when the time is up
	 */
	public void await(List<ConsistencyToken> tokens, Duration patience) {
		long deadline = System.nanoTime() + patience.toNanos();
		List<ConsistencyToken> missing = new ArrayList<>(tokens);
		dropReached(missing);
		while (!missing.isEmpty()) {
			long seen = this.advances.count();
			dropReached(missing);
			long left = deadline - System.nanoTime();
			if (!missing.isEmpty() && left <= 0) {
				throw behind(missing.getFirst(), patience);
			}
			if (!missing.isEmpty()) {
				this.advances.awaitMore(seen, left);
			}
		}
	}

	/**
	 * How far behind the projection may be.
	 * @return zero while the writer says that it is at the end, else the time since it
	 * last was
	 */
	public Duration lag() {
		Lag known = this.lag;
		long now = this.clock.millis();
		if (now - known.asked() > NOTES_CACHED_MILLIS) {
			known = new Lag(now, ask(now));
			this.lag = known;
		}
		return known.lag();
	}

	private Duration ask(long now) {
		Map<byte[], byte[]> notes = this.redis.one((redis) -> redis.hgetall(this.notesKey));
		long lag = 0;
		for (byte[] value : (notes != null) ? notes.values() : List.<byte[]>of()) {
			ProjectionProgress.Note note = ProjectionProgress.Note.decode(value);
			boolean fresh = now - note.written() < NOTE_IS_FRESH.toMillis();
			if (!fresh || !note.isAtEnd()) {
				long since = (note.atEnd() != ProjectionProgress.Note.NEVER) ? note.atEnd() : this.started;
				lag = Math.max(lag, now - since);
			}
		}
		boolean complete = notes != null && notes.size() >= this.partitions;
		return Duration.ofMillis(complete ? lag : Math.max(lag, now - this.started));
	}

	private void dropReached(List<ConsistencyToken> missing) {
		if (missing.isEmpty()) {
			return;
		}
		Map<String, StoredView> stored = stored(missing.stream().map(ConsistencyToken::key).distinct().toList());
		missing.removeIf((token) -> {
			StoredView view = stored.get(token.key());
			return view != null && view.version() >= token.version();
		});
	}

	private Map<String, StoredView> stored(List<String> keys) {
		ProjectionKeys names = this.generations.served(this.projection);
		List<byte[]> values = this.redis
			.pipelined((redis) -> keys.stream().map((key) -> redis.get(names.view(key))).toList());
		Map<String, StoredView> found = new LinkedHashMap<>();
		for (int i = 0; i < keys.size(); i++) {
			if (values.get(i) != null) {
				found.put(keys.get(i), StoredView.decode(values.get(i)));
			}
		}
		return found;
	}

	private static ProblemException behind(ConsistencyToken token, Duration patience) {
		return new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, "projection-behind",
				"'%s' does not show version %d yet, after a wait of %d ms: try again, or wait longer with 'Prefer: wait=30'."
					.formatted(token.key(), token.version(), patience.toMillis()))
			.withHeader(HttpHeaders.RETRY_AFTER, "1");
	}

	/**
	 * Keys of one index key.
	 *
	 * @param count how many there are in all
	 * @param keys the keys of this page
	 * @param next where the next page begins after, or nothing if this is the last
	 */
	public record IndexPage(long count, List<String> keys, Optional<String> next) {

	}

	/**
	 * What the writer's notes said.
	 *
	 * @param asked when they were read
	 * @param lag what they said
	 */
	private record Lag(long asked, Duration lag) {

	}

}
