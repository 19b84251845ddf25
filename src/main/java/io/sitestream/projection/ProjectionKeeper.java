package io.sitestream.projection;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.sitestream.platform.ProblemException;
import io.sitestream.platform.TopicEnds;
import io.sitestream.platform.TopicScans;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the generations of one projection. It does what the catalogue asks for, in
 * every instance, so that a rebuild survives the process that began it; nothing that is
 * under way is known to one process alone.
 *
 * @param <T> the type of the records
 */
final class ProjectionKeeper<T> implements AutoCloseable {

	private static final Logger log = LoggerFactory.getLogger(ProjectionKeeper.class);

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	/** Longer than a function stands still while its group rebalances. */
	private static final Duration SILENCE = Duration.ofSeconds(60);

	private final WrittenProjection<T> written;

	private final Formats<T> formats;

	private final Generations generations;

	private final RedisAccess redis;

	private final TopicEnds ends;

	private final TopicScans scans;

	private final WriterGroups groups;

	private final Housekeeping housekeeping;

	private final Clock clock;

	private final Map<String, Filling<T>> fillings = new HashMap<>();

	private final Chores work = new Chores("projection-worker");

	/** Not the same, since a sweep is long and a comparison is waited for. */
	private final Chores sweeps = new Chores("projection-sweeper");

	private String failure = "";

	ProjectionKeeper(WrittenProjection<T> written, Generations generations, RedisAccess redis, TopicEnds ends,
			TopicScans scans, WriterGroups groups, Clock clock) {
		this.written = written;
		this.formats = new Formats<>(written.projection());
		this.generations = generations;
		this.redis = redis;
		this.ends = ends;
		this.scans = scans;
		this.groups = groups;
		this.housekeeping = new Housekeeping(this.formats, generations, redis, clock);
		this.clock = clock;
	}

	/**
	 * Does what is to be done next. Called about once a second, by one thread.
	 */
	void look() {
		try {
			Catalogue catalogue = begin(this.written.founding().get());
			for (Generation generation : catalogue.written()) {
				if (this.formats.knows(generation.format())) {
					catalogue = fill(catalogue, generation);
				}
			}
			stopOthers(catalogue);
			Catalogue known = catalogue;
			this.work.unlessBusy(() -> guarded(() -> work(known)));
			this.sweeps.unlessBusy(() -> guarded(() -> this.housekeeping.sweep(known)));
			this.failure = "";
		}
		catch (RuntimeException ex) {
			failed(ex);
		}
	}

	/**
	 * Begins a rebuild when this process knows a newer format than there is.
	 */
	private Catalogue begin(Catalogue catalogue) {
		Projection<T> newest = this.formats.newest();
		if (!catalogue.lacks(newest.format())) {
			return catalogue;
		}
		log.info("{}: no generation has format {}, a rebuild begins.", newest.name(), newest.format());
		String id = this.written.founding().ids().get();
		return this.generations.change(newest.name(),
				(now) -> now.lacks(newest.format()) ? now.rebuild(id, newest.format(), this.clock.instant()) : now);
	}

	/**
	 * Captures where a fill ends, takes part in it, and says when it is through.
	 */
	private Catalogue fill(Catalogue catalogue, Generation generation) {
		String name = this.written.name();
		if (generation.uncaptured()) {
			// only now, when the generation can be seen by every writer
			Map<Integer, Long> captured = this.ends.endOffsets(this.written.projection().topic(), PATIENCE);
			String store = this.generations.store(name);
			return this.generations.change(name,
					(now) -> now.change(generation.id(), (filling) -> filling.filledTo(captured).in(store)));
		}
		Map<Integer, Long> ends = generation.ends();
		if (ends == null || ends.isEmpty()) {
			return catalogue;
		}
		if (generation.elsewhere(this.generations.store(name))) {
			return fillAgain(name, generation);
		}
		String group = fillGroup(generation);
		this.fillings.computeIfAbsent(generation.id(), (id) -> new Filling<>(this.formats.get(generation.format()),
				generation, group, this.scans, this.generations, this.redis, this.clock)
			.start());
		Map<Integer, Long> committed = this.ends.committedOffsets(group, this.written.projection().topic(), PATIENCE);
		// what was filled before the answer of now is in the Redis of now
		if (generation.left(committed) > 0 || generation.elsewhere(this.generations.store(name))) {
			return catalogue;
		}
		Catalogue filled = this.generations.change(name,
				(now) -> now.filled(generation.id(), ends, this.clock.instant()));
		filled.find(generation.id())
			.filter((now) -> now.state() != generation.state())
			.ifPresent((now) -> log.info("{}: generation {} is filled and {}.", name, now.number(), now.state()));
		return filled;
	}

	private Catalogue fillAgain(String name, Generation generation) {
		log.warn("{}: another Redis answers since generation {} was begun, its fill begins anew.", name,
				generation.number());
		String id = this.written.founding().ids().get();
		return this.generations.change(name,
				(now) -> now.change(generation.id(), (found) -> found.again(id, this.clock.instant())));
	}

	private void stopOthers(Catalogue catalogue) {
		Set<String> filling = catalogue.written()
			.stream()
			.filter(Generation::filling)
			.map(Generation::id)
			.collect(Collectors.toSet());
		this.fillings.entrySet().removeIf((entry) -> {
			boolean over = !filling.contains(entry.getKey());
			if (over) {
				entry.getValue().close();
			}
			return over;
		});
	}

	private void work(Catalogue catalogue) {
		catalogue.find(GenerationState.COMPARING)
			.filter((generation) -> this.formats.knows(generation.format()))
			.ifPresent((generation) -> compare(catalogue, generation));
		this.housekeeping.remove(catalogue, this::forgetGroup);
	}

	private void compare(Catalogue catalogue, Generation compared) {
		String name = this.written.name();
		Generation serving = catalogue.find(GenerationState.SERVING).orElseThrow();
		if (!this.formats.knows(serving.format())) {
			Difference unknown = new Difference("*", null,
					"format %d, which is unknown here".formatted(serving.format()), "format " + compared.format());
			this.generations.change(name, (now) -> now.compares(serving, compared)
					? now.compared(compared.id(), 1, List.of(unknown), this.clock.instant()) : now);
			return;
		}
		Lease.of(this.redis, ProjectionKeys.lease(this.generations.space(), name, "compare")).ifPresent((lease) -> {
			try (lease) {
				Pair pair = new Pair(this.generations.keys(name, serving), this.formats.get(serving.format()),
						this.generations.keys(name, compared), this.formats.get(compared.format()));
				Barrier barrier = new Barrier(this.written.projection(), compared, this.generations, this.redis,
						() -> this.ends.endOffsets(this.written.projection().topic(), PATIENCE), lease, SILENCE);
				Comparison comparison = new Comparison(pair, this.redis, lease, barrier);
				long count = comparison.run();
				if (!compared.served() && compared.mayHaveLost(this.generations.store(name))) {
					fillAgain(name, compared);
					return;
				}
				Catalogue after = this.generations.change(name, (now) -> now.compares(serving, compared)
						? now.compared(compared.id(), count, comparison.differences(), this.clock.instant()) : now);
				log.info("{}: generations {} and {} differ in {} places, generation {} is {}.", name, serving.number(),
						compared.number(), count, compared.number(),
						after.find(compared.id()).map(Generation::state).orElse(GenerationState.DROPPED));
			}
		});
	}

	private String fillGroup(Generation generation) {
		return this.groups.fillGroup(this.written.projection(), generation);
	}

	/** A group that stays does no harm, so it does not hold up what comes next. */
	private void forgetGroup(Generation generation) {
		String group = fillGroup(generation);
		try {
			this.ends.forgetGroup(group, PATIENCE);
		}
		catch (ProblemException ex) {
			log.warn("{}: group {} stays until Kafka forgets its offsets: {}", this.written.name(), group,
					String.valueOf(ex.getCause()));
		}
	}

	private void guarded(Runnable task) {
		try {
			task.run();
		}
		catch (LeaseLostException | CatalogueLostException ex) {
			log.debug("{}: a task is left to others or to the next look", this.written.name(), ex);
		}
		catch (RuntimeException ex) {
			failed(ex);
		}
	}

	private synchronized void failed(RuntimeException ex) {
		if (!ex.toString().equals(this.failure)) {
			log.warn("{}: generations cannot be looked after for the moment: {}", this.written.name(), ex.toString());
			this.failure = ex.toString();
		}
	}

	@Override
	public void close() {
		this.fillings.values().forEach(Filling::close);
		this.work.close();
		this.sweeps.close();
	}

}
