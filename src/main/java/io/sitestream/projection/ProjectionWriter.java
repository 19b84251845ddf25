package io.sitestream.projection;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.lettuce.core.RedisFuture;
import io.sitestream.platform.Consumed;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes every generation of a projection that is not dropped, a poll at a time, the
 * serving one last. Its last pass reads the catalogue again; a generation that has
 * appeared meanwhile gets the poll, too, before this returns and offsets are committed.
 * <p>
 * That makes a rebuild complete. The ends up to which a new generation is filled from the
 * topic's start are captured after it was put into the catalogue. A record beyond these
 * ends was appended, and so polled, when the generation could be seen: the last pass of
 * its poll sees it, even if the writer was stopped in between for hours. A record before
 * them is the fill's. No record is nobody's.
 * <p>
 * A generation in a format that this process does not know cannot be written here: its
 * fill is told to go on to the end of this poll, wherever that fill runs. Safe for use by
 * several threads.
 *
 * @param <T> the type of the records
 */
final class ProjectionWriter<T> {

	private static final Logger log = LoggerFactory.getLogger(ProjectionWriter.class);

	private static final byte[] NOTHING = new byte[0];

	private final Formats<T> formats;

	private final RedisAccess redis;

	private final Generations generations;

	private final Supplier<Catalogue> founding;

	private final Clock clock;

	private final Set<String> unknown = ConcurrentHashMap.newKeySet();

	private volatile @Nullable Catalogue known;

	/**
	 * Creates a writer.
	 * @param projection what to project
	 * @param redis the access to Redis
	 * @param generations the catalogues
	 * @param founding makes the first catalogue where there is none
	 * @param clock the time
	 */
	ProjectionWriter(Projection<T> projection, RedisAccess redis, Generations generations, Supplier<Catalogue> founding,
			Clock clock) {
		this.formats = new Formats<>(projection);
		this.redis = redis;
		this.generations = generations;
		this.founding = founding;
		this.clock = clock;
	}

	/**
	 * Applies the records of a poll. Older and repeated ones change nothing.
	 * @param records the records
	 */
	void on(List<Consumed<T>> records) {
		Map<Integer, List<Projected>> projected = new HashMap<>();
		Map<String, Generation> written = new LinkedHashMap<>();
		Catalogue before = this.known;
		Catalogue catalogue = (before != null) ? before : look(Map.of());
		while (true) {
			Map<Integer, Long> more = new HashMap<>();
			for (Generation generation : catalogue.written()) {
				if (!written.containsKey(generation.id()) && this.formats.knows(generation.format())) {
					more.put(generation.number(), write(generation, records, projected));
					written.put(generation.id(), generation);
				}
			}
			if (more.isEmpty()) {
				break;
			}
			catalogue = look(more);
		}
		this.known = lateOrForeign(catalogue, written, records);
	}

	/**
	 * Writes one generation.
	 * @param generation the generation, whose format is known here
	 * @param records the records
	 * @param projected the records in each format, as far as they were needed yet
	 * @return how many views there are more than before
	 */
	private long write(Generation generation, List<Consumed<T>> records, Map<Integer, List<Projected>> projected) {
		Projection<T> projection = this.formats.get(generation.format());
		List<Projected> views = projected.computeIfAbsent(generation.format(),
				(format) -> records.stream().map((record) -> Projected.of(record, projection)).toList());
		return this.generations.writer(projection, generation, this.redis, this.clock).write(views);
	}

	/**
	 * The last pass: says that something was written, and looks which generations there
	 * are now.
	 */
	private Catalogue look(Map<Integer, Long> more) {
		String name = this.formats.newest().name();
		List<Object> answers = this.redis.pipelined((redis) -> {
			List<RedisFuture<?>> sent = new ArrayList<>();
			more.forEach((generation, count) -> sent
				.add(redis.hincrby(ProjectionKeys.counts(this.generations.space(), name), ascii(generation), count)));
			sent.add(redis.publish(ProjectionKeys.advances(this.generations.space(), name), NOTHING));
			sent.add(redis.get(ProjectionKeys.catalogue(this.generations.space(), name)));
			return untyped(sent);
		});
		byte[] catalogue = (byte[]) answers.getLast();
		return (catalogue != null) ? this.generations.read(catalogue) : this.founding.get();
	}

	/**
	 * Tells others about what was written though it is dropped, and about what was not
	 * written since it is in a format of the future.
	 */
	private Catalogue lateOrForeign(Catalogue catalogue, Map<String, Generation> written, List<Consumed<T>> records) {
		String name = this.formats.newest().name();
		Catalogue told = catalogue;
		for (Generation generation : written.values()) {
			if (told.find(generation.id()).isEmpty()) {
				told = this.generations.change(name, (now) -> now.dropAgain(generation, this.clock.instant()));
			}
		}
		for (Generation generation : catalogue.written()) {
			if (!this.formats.knows(generation.format())) {
				if (this.unknown.add(generation.id())) {
					log.warn("{}: generation {} has format {}, known here are up to {}: it is left to newer processes.",
							name, generation.number(), generation.format(), this.formats.newest().format());
				}
				if (!generation.uncaptured()) {
					Map<Integer, Long> reached = new HashMap<>();
					records.forEach((record) -> reached.merge(record.position().partition(),
							record.position().offset() + 1, Math::max));
					told = this.generations.change(name,
							(now) -> now.change(generation.id(), (foreign) -> foreign.filledTo(reached)));
				}
			}
		}
		return told;
	}

	private static byte[] ascii(int number) {
		return Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
	}

	@SuppressWarnings("unchecked")
	private static List<RedisFuture<Object>> untyped(List<RedisFuture<?>> futures) {
		return (List<RedisFuture<Object>>) (List<?>) futures;
	}

}
