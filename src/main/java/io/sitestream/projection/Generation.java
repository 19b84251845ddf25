package io.sitestream.projection;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * One generation of a projection, as the catalogue has it.
 *
 * @param number its number, which is part of its keys
 * @param id tells it from others that had the same number, since Redis may be emptied
 * @param format the format of its views
 * @param state what it is there for
 * @param since when it came into that state
 * @param ends for each partition the offset that its fill has to reach: {@code null}
 * until they were captured, none when the fill is through
 * @param store the run ids of the primaries in which the fill began, if they said
 * @param served whether it has served before
 * @param differing how many differences the last comparison found
 * @param differences the first of them
 */
record Generation(int number, String id, int format, GenerationState state, Instant since,
		@Nullable Map<Integer, Long> ends, @Nullable String store, boolean served, long differing,
		List<Difference> differences) {

	static Generation begun(int number, String id, int format, GenerationState state, Instant now) {
		return new Generation(number, id, format, state, now, null, null, state == GenerationState.SERVING, 0,
				List.of());
	}

	Generation in(GenerationState state, Instant now) {
		boolean serves = state == GenerationState.SERVING;
		return new Generation(this.number, this.id, this.format, state, now, this.ends, this.store,
				this.served || serves, this.differing, this.differences);
	}

	Generation differing(long count, List<Difference> differences) {
		return new Generation(this.number, this.id, this.format, this.state, this.since, this.ends, this.store,
				this.served, count, List.copyOf(differences));
	}

	/** Begins its fill in a Redis. */
	Generation in(String store) {
		return new Generation(this.number, this.id, this.format, this.state, this.since, this.ends, store, this.served,
				this.differing, this.differences);
	}

	/**
	 * Begins its fill anew, since another primary may lack what was filled already.
	 */
	Generation again(String id, Instant now) {
		return begun(this.number, id, this.format, GenerationState.FILLING, now);
	}

	/** Whether its fill began in another Redis, as far as that is known. */
	boolean elsewhere(String store) {
		return this.state == GenerationState.FILLING && this.store != null && !this.store.isEmpty() && !store.isEmpty()
				&& !this.store.equals(store);
	}

	/**
	 * Whether a primary of a cluster is another one than when its fill began. Where all
	 * is in one server, what that forgets the catalogue forgets, too.
	 */
	boolean mayHaveLost(String store) {
		return this.store != null && this.store.indexOf(',') > 0 && !store.isEmpty() && !this.store.equals(store);
	}

	/** Has nothing left to be filled. */
	Generation filled() {
		return new Generation(this.number, this.id, this.format, this.state, this.since, Map.of(), this.store,
				this.served, this.differing, this.differences);
	}

	/** Whether somebody has to fill it at present. */
	boolean filling() {
		return this.ends != null && !this.ends.isEmpty();
	}

	/** Whether what its fill has to reach is still to be captured. */
	boolean uncaptured() {
		return this.ends == null && this.state == GenerationState.FILLING;
	}

	/**
	 * Lets the fill go on to these offsets at least.
	 * @param offsets an offset for each partition that is concerned
	 * @return the generation, the same if its fill goes that far already
	 */
	Generation filledTo(Map<Integer, Long> offsets) {
		Map<Integer, Long> further = new TreeMap<>((this.ends != null) ? this.ends : Map.of());
		offsets.forEach((partition, offset) -> further.merge(partition, offset, Math::max));
		return further.equals(this.ends) ? this : new Generation(this.number, this.id, this.format, this.state,
				this.since, further, this.store, this.served, this.differing, this.differences);
	}

	boolean dropped() {
		return this.state == GenerationState.DROPPED;
	}

	/**
	 * How many offsets the fill has yet to pass.
	 * @param committed how far it is in each partition
	 * @return the number, 0 when it is through
	 */
	long left(Map<Integer, Long> committed) {
		long left = 0;
		for (Map.Entry<Integer, Long> end : ((this.ends != null) ? this.ends : Map.<Integer, Long>of()).entrySet()) {
			left += Math.max(0, end.getValue() - committed.getOrDefault(end.getKey(), 0L));
		}
		return left;
	}

}
