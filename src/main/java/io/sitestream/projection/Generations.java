package io.sitestream.projection;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

import io.lettuce.core.ScriptOutputType;
import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.RedisKeySpace;
import io.sitestream.platform.RedisPrimaries;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * The catalogues of projections, and the pointers that readers follow: a pointer moves in
 * one step with its catalogue, and only if nobody has changed that since it was read.
 * Safe for use by several threads and instances.
 */
@Component
class Generations {

	private static final byte[] NOTHING = new byte[0];

	private final RedisAccess redis;

	private final RedisKeySpace space;

	private final RecordFormat format;

	private final Script script = new Script("catalogue.lua", ScriptOutputType.INTEGER);

	Generations(RedisAccess redis, RedisKeySpace space, RecordFormat format) {
		this.redis = redis;
		this.space = space;
		this.format = format;
	}

	/**
	 * What there is of a projection.
	 * @param projection the projection's name
	 * @return its catalogue, or nothing if Redis knows nothing of it
	 */
	Optional<Catalogue> catalogue(String projection) {
		return Optional
			.ofNullable(this.redis.one((redis) -> redis.get(ProjectionKeys.catalogue(this.space, projection))))
			.map(this::read);
	}

	/**
	 * Makes a projection's first catalogue, unless there is one.
	 * @param projection the projection's name
	 * @param first the catalogue
	 * @return the catalogue that is there now
	 */
	Catalogue found(String projection, Catalogue first) {
		replace(projection, null, first);
		return catalogue(projection).orElseThrow(() -> new CatalogueLostException(projection));
	}

	/**
	 * Changes a catalogue. The change is tried again when somebody else was faster.
	 * @param projection the projection's name
	 * @param change takes the catalogue as it is and returns it as it should be; what it
	 * throws leaves everything as it is
	 * @return the catalogue that is there now
	 * @throws CatalogueLostException if there is none
	 */
	Catalogue change(String projection, UnaryOperator<Catalogue> change) {
		while (true) {
			byte[] before = this.redis.one((redis) -> redis.get(ProjectionKeys.catalogue(this.space, projection)));
			if (before == null) {
				throw new CatalogueLostException(projection);
			}
			Catalogue known = read(before);
			Catalogue changed = change.apply(known);
			if (changed.equals(known) || replace(projection, before, changed)) {
				return changed;
			}
		}
	}

	Catalogue read(byte[] catalogue) {
		try {
			return this.format.read(catalogue, Catalogue.class);
		}
		catch (IllegalArgumentException ex) {
			// no fault of a record: nobody's record is to be kept as a dead letter for it
			throw new IllegalStateException("A catalogue of generations cannot be read", ex);
		}
	}

	ProjectionKeys keys(String projection, Generation generation) {
		return new ProjectionKeys(this.space, projection, generation.number());
	}

	/**
	 * A writer of one generation.
	 * @param projection the projection in the generation's format
	 * @param generation the generation
	 * @param redis the access to Redis
	 * @param clock the time
	 * @return the writer
	 */
	GenerationWriter writer(Projection<?> projection, Generation generation, RedisAccess redis, Clock clock) {
		return new GenerationWriter(new GenerationStore(keys(projection.name(), generation), redis), projection, clock);
	}

	/**
	 * Counts views of a generation.
	 * @param projection the projection's name
	 * @param generation the generation
	 * @param more how many there are more than before
	 */
	void count(String projection, Generation generation, long more) {
		this.redis.one((redis) -> redis.hincrby(ProjectionKeys.counts(this.space, projection),
				ascii(generation.number()), more));
	}

	/**
	 * How many views the generations of a projection have.
	 * @param projection the projection's name
	 * @return the counts by number
	 */
	Map<Integer, Long> counts(String projection) {
		Map<Integer, Long> counts = new HashMap<>();
		Map<byte[], byte[]> found = this.redis
			.one((redis) -> redis.hgetall(ProjectionKeys.counts(this.space, projection)));
		if (found != null) {
			found.forEach((number, count) -> counts.put(Integer.valueOf(new String(number, US_ASCII)),
					Long.valueOf(new String(count, US_ASCII))));
		}
		return counts;
	}

	/**
	 * Forgets a dropped generation, whose keys are gone.
	 * @param projection the projection's name
	 * @param generation the generation
	 */
	void forget(String projection, Generation generation) {
		this.redis
			.one((redis) -> redis.hdel(ProjectionKeys.counts(this.space, projection), ascii(generation.number())));
		change(projection, (catalogue) -> catalogue.without(generation.id()));
	}

	/**
	 * Which Redis there is. A primary is one log: one that is still the same has
	 * everything that was written to it before. Of a cluster all primaries count.
	 * @param projection the projection's name
	 * @return the run ids of its primaries, or an empty text if they do not say
	 */
	String store(String projection) {
		byte[] key = ProjectionKeys.catalogue(this.space, projection);
		return RedisPrimaries.joined(this.redis.pipelined((redis) -> RedisPrimaries.identify(redis, key)));
	}

	RedisKeySpace space() {
		return this.space;
	}

	private boolean replace(String projection, byte @Nullable [] before, Catalogue catalogue) {
		byte[] serving = catalogue.find(GenerationState.SERVING)
			.map((generation) -> ascii(generation.number()))
			.orElse(NOTHING);
		byte[][] keys = { ProjectionKeys.catalogue(this.space, projection),
				ProjectionKeys.pointer(this.space, projection) };
		Long replaced = this.redis.one((redis) -> this.script.<Long>eval(redis, keys,
				(before != null) ? before : NOTHING, this.format.write(catalogue), serving));
		return replaced != null && replaced == 1;
	}

	private static byte[] ascii(int number) {
		return Integer.toString(number).getBytes(US_ASCII);
	}

}
