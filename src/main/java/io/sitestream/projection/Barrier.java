package io.sitestream.projection;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Waits until everything that is in the topic at the time of the call has been written to
 * the generations that are compared: the live writers have noted so, and no fill has
 * anything left. Writers that note nothing for long are not waited for: they stand still,
 * or are called by others and do not know where the topic ends. What they have not
 * written is then taken for a difference, which stops the switch.
 *
 * @param projection what is projected
 * @param compared the generation that is compared with the serving one
 * @param generations the catalogues
 * @param redis the access to Redis
 * @param ends tells for each partition where the topic ends
 * @param lease kept while waiting
 * @param silence after so long without a new note writers are not waited for
 */
record Barrier(Projection<?> projection, Generation compared, Generations generations, RedisAccess redis,
		Supplier<Map<Integer, Long>> ends, Lease lease, Duration silence) implements Runnable {

	private static final Duration STEP = Duration.ofMillis(200);

	@Override
	public void run() {
		Map<Integer, Long> ends = this.ends.get();
		byte[] notes = ProjectionKeys.notes(this.generations.space(), this.projection.name());
		Map<Integer, ProjectionProgress.Note> last = Map.of();
		long heard = System.nanoTime();
		while (true) {
			Map<Integer, ProjectionProgress.Note> now = ProjectionProgress.stored(notes, this.redis);
			if (!now.equals(last)) {
				last = now;
				heard = System.nanoTime();
			}
			boolean silent = System.nanoTime() - heard > this.silence.toNanos();
			if ((reached(ends, now) || silent) && !isFilling()) {
				return;
			}
			this.lease.keep();
			LockSupport.parkNanos(STEP.toNanos());
		}
	}

	private static boolean reached(Map<Integer, Long> ends, Map<Integer, ProjectionProgress.Note> notes) {
		return ends.entrySet().stream().allMatch((end) -> {
			ProjectionProgress.Note note = notes.get(end.getKey());
			return end.getValue() == 0 || (note != null && note.applied() >= end.getValue());
		});
	}

	/**
	 * Whether a fill has something left.
	 * @throws LeaseLostException if the comparison was cancelled
	 */
	private boolean isFilling() {
		Catalogue now = this.generations.catalogue(this.projection.name())
			.orElseThrow(() -> new CatalogueLostException(this.projection.name()));
		if (now.find(this.compared.id()).filter((found) -> found.state() == GenerationState.COMPARING).isEmpty()) {
			throw new LeaseLostException("The comparison was cancelled.");
		}
		return now.written()
			.stream()
			.filter((generation) -> generation.id().equals(this.compared.id())
					|| generation.state() == GenerationState.SERVING)
			.anyMatch(Generation::filling);
	}

}
