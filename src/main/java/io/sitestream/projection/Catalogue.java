package io.sitestream.projection;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.sitestream.platform.ProblemException;

import org.springframework.http.HttpStatus;

/**
 * All generations of a projection and how they may change. Every change is a new
 * catalogue, which replaces the old one in Redis only if nobody was faster.
 *
 * @param last the highest number that was given
 * @param declined the newest format whose rebuild an operator has cancelled: it does not
 * begin by itself again
 * @param generations the generations, oldest first; at most one of each state, but for
 * the dropped ones
 */
record Catalogue(int last, int declined, List<Generation> generations) {

	static Catalogue with(String id, int format, GenerationState state, Instant now) {
		return new Catalogue(1, 0, List.of(Generation.begun(1, id, format, state, now)));
	}

	Optional<Generation> find(GenerationState state) {
		return find((generation) -> generation.state() == state);
	}

	Optional<Generation> find(String id) {
		return find((generation) -> generation.id().equals(id));
	}

	/** The generation that a rebuild is going on with. */
	Optional<Generation> rebuild() {
		return find((generation) -> generation.state().isRebuild());
	}

	/**
	 * Those that writers write, the serving one last: what readers can see there is in
	 * the others already.
	 */
	List<Generation> written() {
		Stream<Generation> others = this.generations.stream()
			.filter((generation) -> !generation.dropped() && generation.state() != GenerationState.SERVING);
		return Stream.concat(others, find(GenerationState.SERVING).stream()).toList();
	}

	List<Generation> dropped() {
		return this.generations.stream().filter(Generation::dropped).toList();
	}

	/**
	 * Whether a projection of a new format has to be built without being asked.
	 * @param format the format
	 * @return whether nothing is known of that format nor of a newer one
	 */
	boolean lacks(int format) {
		return format > this.declined && find(GenerationState.SERVING).isPresent() && rebuild().isEmpty()
				&& written().stream().noneMatch((generation) -> generation.format() >= format);
	}

	Catalogue rebuild(String id, int format, Instant now) {
		requireNoRebuild();
		find((generation) -> !generation.dropped() && generation.format() > format).ifPresent((newer) -> {
			throw refusal("newer-format",
					"Generation %d has format %d, and this process knows formats up to %d: ask a process of the newer version."
						.formatted(newer.number(), newer.format(), format));
		});
		List<Generation> more = new ArrayList<>(this.generations);
		more.add(Generation.begun(this.last + 1, id, format, GenerationState.FILLING, now));
		return new Catalogue(this.last + 1, this.declined, more);
	}

	/**
	 * The fill of a generation is through, unless it has to go on further than was known.
	 * Without a serving one there is nothing to compare.
	 */
	Catalogue filled(String id, Map<Integer, Long> ends, Instant now) {
		Optional<Generation> filled = find(id).filter((generation) -> ends.equals(generation.ends()));
		if (filled.isEmpty()) {
			return this;
		}
		Catalogue through = change(id, Generation::filled);
		if (filled.orElseThrow().state() != GenerationState.FILLING) {
			return through;
		}
		return find(GenerationState.SERVING).isPresent()
				? through.change(id, (generation) -> generation.in(GenerationState.COMPARING, now))
				: through.promote(id, now);
	}

	/**
	 * Whether these two are still those to be compared.
	 */
	boolean compares(Generation serving, Generation compared) {
		return isIn(serving, GenerationState.SERVING) && isIn(compared, GenerationState.COMPARING);
	}

	private boolean isIn(Generation generation, GenerationState state) {
		return find(generation.id()).filter((found) -> found.state() == state).isPresent();
	}

	/** A comparison is through. */
	Catalogue compared(String id, long count, List<Difference> differences, Instant now) {
		Catalogue compared = change(id, (generation) -> generation.differing(count, differences));
		boolean standby = find(id).orElseThrow().served();
		if (standby) {
			return compared.change(id, (generation) -> generation.in(GenerationState.STANDBY, now));
		}
		return (count == 0) ? compared.promote(id, now)
				: compared.change(id, (generation) -> generation.in(GenerationState.WAITING, now));
	}

	Catalogue accept(Instant now) {
		Generation waiting = require("accept", GenerationState.WAITING,
				"No generation waits for it: only one that differs from the serving one does.");
		return promote(waiting.id(), now);
	}

	Catalogue cancel(Instant now) {
		Generation begun = rebuild().orElseThrow(() -> refusal("nothing-to-cancel", "No rebuild is running."));
		if (begun.served()) {
			return change(begun.id(), (generation) -> generation.in(GenerationState.STANDBY, now));
		}
		Catalogue cancelled = change(begun.id(), (generation) -> generation.in(GenerationState.DROPPED, now));
		return new Catalogue(this.last, Math.max(this.declined, begun.format()), cancelled.generations);
	}

	Catalogue rollback(Instant now) {
		requireNoRebuild();
		Generation kept = require("rollback", GenerationState.STANDBY,
				"No generation is kept: a rebuild that has switched keeps the one before.");
		if (kept.filling()) {
			throw refusal("nothing-to-rollback",
					"Generation %d is kept, but no process writes its format %d any more: it is behind."
						.formatted(kept.number(), kept.format()));
		}
		return promote(kept.id(), now);
	}

	/**
	 * Compares again: the one that waits, else the one that is kept, with the serving
	 * one.
	 */
	Catalogue compare(Instant now) {
		Optional<Generation> waiting = find(GenerationState.WAITING);
		if (waiting.isEmpty()) {
			requireNoRebuild();
		}
		Generation other = waiting.orElseGet(() -> require("compare", GenerationState.STANDBY,
				"There is only one generation: a rebuild makes another."));
		return change(other.id(), (generation) -> generation.in(GenerationState.COMPARING, now));
	}

	/** Moves readers to a generation, in one step with the catalogue. */
	private Catalogue promote(String id, Instant now) {
		return map((generation) -> {
			if (generation.id().equals(id)) {
				return generation.in(GenerationState.SERVING, now);
			}
			return switch (generation.state()) {
				case SERVING -> generation.in(GenerationState.STANDBY, now);
				case STANDBY -> generation.in(GenerationState.DROPPED, now);
				default -> generation;
			};
		});
	}

	Catalogue change(String id, UnaryOperator<Generation> change) {
		return map((generation) -> generation.id().equals(id) ? change.apply(generation) : generation);
	}

	Catalogue without(String id) {
		return new Catalogue(this.last, this.declined,
				this.generations.stream().filter((generation) -> !generation.id().equals(id)).toList());
	}

	/**
	 * Lets a generation be removed once more, since somebody who came late has written
	 * it.
	 */
	Catalogue dropAgain(Generation stray, Instant now) {
		boolean known = find((generation) -> generation.number() == stray.number()).isPresent();
		if (known || stray.number() > this.last) {
			return this;
		}
		List<Generation> more = new ArrayList<>(this.generations);
		more.add(stray.in(GenerationState.DROPPED, now));
		return new Catalogue(this.last, this.declined, more);
	}

	private Catalogue map(Function<Generation, Generation> change) {
		return new Catalogue(this.last, this.declined, this.generations.stream().map(change).toList());
	}

	private Optional<Generation> find(Predicate<Generation> condition) {
		return this.generations.stream().filter(condition).findFirst();
	}

	private void requireNoRebuild() {
		rebuild().ifPresent((running) -> {
			throw refusal("rebuild-running", "Generation %d is %s since %s: wait for it, or cancel it."
				.formatted(running.number(), running.state(), running.since()));
		});
	}

	private Generation require(String action, GenerationState state, String otherwise) {
		return find(state).orElseThrow(() -> refusal("nothing-to-" + action, otherwise));
	}

	private static ProblemException refusal(String slug, String detail) {
		return new ProblemException(HttpStatus.CONFLICT, slug, detail);
	}

}
