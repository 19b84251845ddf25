package io.sitestream.projection;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import io.sitestream.platform.ConsistencyToken;
import io.sitestream.platform.ProblemException;
import io.sitestream.platform.RedisKeySpace;
import io.sitestream.platform.RedisPrimaries;
import io.sitestream.projection.reading.Question;
import io.sitestream.projection.reading.ReadSource;
import io.sitestream.projection.reading.ReadSources;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * Reads a projection. It never writes, so it runs with a Redis user who may not. Safe for
 * use by several threads.
 */
public final class ProjectionReader {

	private final String projection;

	private final RedisKeySpace space;

	private final int partitions;

	private final ReadSources sources;

	private final Advances advances;

	private final ProjectionLag lag;

	/** What the writer knows of the primaries. */
	private final Question rewindNotes;

	/** The generation that served when last looked, which is a guess. */
	private volatile int generation = 1;

	ProjectionReader(String projection, int partitions, ReadSources sources, RedisKeySpace space, Clock clock) {
		this.projection = projection;
		this.space = space;
		this.partitions = partitions;
		this.sources = sources;
		this.advances = new Advances(sources.subscriptions(), ProjectionKeys.advances(space, projection));
		this.rewindNotes = Question.fields(RedisPrimaries.notesKey(space, projection).getBytes(StandardCharsets.UTF_8));
		this.lag = new ProjectionLag(space, projection, partitions, sources.nearServer(), clock);
	}

	/**
	 * Answers a question from one generation, the one that serves.
	 * @param question asks a {@link Reading}; it is called again if another generation
	 * serves meanwhile, so it has no effects
	 * @param <R> the type of the answer
	 * @return the answer, which may be as old as {@link #lag} says
	 * @throws ProblemException 503 {@code projection-behind} while no generation serves
	 */
	public <R> R read(Function<Reading, R> question) {
		return read(this.sources.near(), List.of(), question).value().orElseThrow(this::unfilled);
	}

	/**
	 * Answers a question once the projection shows at least what tokens name; a removed
	 * view counts by its marker.
	 * @param tokens tokens whose keys are keys of this projection
	 * @param patience how long to wait
	 * @param question asks a {@link Reading}; it may be called several times, so it has
	 * no effects
	 * @param <R> the type of the answer
	 * @return the answer, which is not older than the writes that issued the tokens
	 * @throws ProblemException 503 {@code projection-behind} when the time is up
	 */
	public <R> R read(List<ConsistencyToken> tokens, Duration patience, Function<Reading, R> question) {
		if (tokens.isEmpty()) {
			return read(question);
		}
		long deadline = System.nanoTime() + patience.toNanos();
		while (true) {
			long seen = this.advances.count();
			Answer<R> answer = readOnce(this.sources.primary(), tokens, question);
			if (answer.value().isPresent() && answer.missing().isEmpty()) {
				return answer.value().get();
			}
			long left = deadline - System.nanoTime();
			if (left <= 0) {
				throw behind(answer.missing().getFirst(), patience);
			}
			this.advances.awaitMore(seen, left);
		}
	}

	/**
	 * The view of a key.
	 * @param key the key
	 * @return the view, or nothing if there is none or it was removed
	 */
	public Optional<StoredView> find(String key) {
		return read((reading) -> reading.find(key));
	}

	/**
	 * How far behind the projection may be.
	 * @return zero while the writer says that it is at the end, else the time since it
	 * last was
	 */
	public Duration lag() {
		return this.lag.get();
	}

	void close() {
		this.advances.close();
	}

	/**
	 * Where servers answer side by side, tokens are looked at alone before: what is asked
	 * together with them might be older. And a view may be there while the server of an
	 * index has forgotten its entry: an index counts only if its primary is one that the
	 * writer knew before the look, which then has all that was ever written to it.
	 */
	private <R> Answer<R> readOnce(ReadSource source, List<ConsistencyToken> tokens, Function<Reading, R> question) {
		if (source.isOrdered()) {
			return read(source, tokens, question);
		}
		Answer<List<byte[]>> look = read(source, tokens, (reading) -> reading.look(this.rewindNotes));
		if (!look.missing().isEmpty()) {
			return Answer.missing(look.missing());
		}
		Answer<R> answer = read(source, tokens, question);
		Set<String> settled = RedisPrimaries.settled(look.value().orElseThrow(), this.partitions);
		boolean isWhole = answer.indexes().stream().allMatch((index) -> settled.contains(source.primaryOf(index)));
		return isWhole ? answer : Answer.missing(tokens);
	}

	private <R> Answer<R> read(ReadSource source, List<ConsistencyToken> tokens, Function<Reading, R> question) {
		while (true) {
			int asked = this.generation;
			Reading reading = new Reading(source, new ProjectionKeys(this.space, this.projection, asked), tokens);
			R answer = question.apply(reading);
			if (reading.served().isEmpty()) {
				return Answer.missing(tokens);
			}
			int served = Integer.parseInt(new String(reading.served().get(), StandardCharsets.US_ASCII));
			if (served == asked) {
				return new Answer<>(Optional.of(answer), reading.missing(), reading.indexes());
			}
			this.generation = served;
		}
	}

	private ProblemException unfilled() {
		return new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, "projection-behind",
				"Projection '%s' has no generation that serves: its store is being filled, or no writer has run yet. Try again."
					.formatted(this.projection))
			.withHeader(HttpHeaders.RETRY_AFTER, "5");
	}

	private static ProblemException behind(ConsistencyToken token, Duration patience) {
		return new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, "projection-behind",
				"'%s' does not show version %d yet, after a wait of %d ms: try again, or wait longer with 'Prefer: wait=30'."
					.formatted(token.key(), token.version(), patience.toMillis()))
			.withHeader(HttpHeaders.RETRY_AFTER, "1");
	}

	/**
	 * An answer.
	 *
	 * @param value what was answered, if it was asked for and a generation serves
	 * @param missing tokens whose writes it may not show
	 * @param indexes the keys of the indexes that were read
	 * @param <R> the type of the answer
	 */
	private record Answer<R>(Optional<R> value, List<ConsistencyToken> missing, List<byte[]> indexes) {

		static <R> Answer<R> missing(List<ConsistencyToken> tokens) {
			return new Answer<>(Optional.empty(), tokens, List.of());
		}

	}

}
