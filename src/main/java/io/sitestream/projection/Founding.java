package io.sitestream.projection;

import java.time.Clock;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a projection's first catalogue where Redis has none. A function that has never
 * run reads its topic from the start: its generation serves at once. One that has run
 * before will not see again what it has committed, so Redis was emptied: the generation
 * has to be filled, and serves when it is.
 *
 * @param projection what is projected
 * @param generations the catalogues
 * @param hasRun whether the function's group has committed offsets
 * @param ids makes ids of generations
 * @param clock the time
 */
record Founding(Projection<?> projection, Generations generations, BooleanSupplier hasRun, Supplier<String> ids,
		Clock clock) implements Supplier<Catalogue> {

	private static final Logger log = LoggerFactory.getLogger(Founding.class);

	@Override
	public Catalogue get() {
		String name = this.projection.name();
		Optional<Catalogue> known = this.generations.catalogue(name);
		if (known.isPresent()) {
			return known.orElseThrow();
		}
		GenerationState state = this.hasRun.getAsBoolean() ? GenerationState.FILLING : GenerationState.SERVING;
		Catalogue first = Catalogue.with(this.ids.get(), this.projection.format(), state, this.clock.instant());
		Catalogue now = this.generations.found(name, first);
		if (now.equals(first)) {
			log.info("{}: generation 1 is {}{}.", name, state,
					(state == GenerationState.FILLING) ? ", since Redis has lost what was there" : "");
		}
		return now;
	}

}
