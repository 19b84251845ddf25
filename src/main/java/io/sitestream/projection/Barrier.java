package io.sitestream.projection;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import io.sitestream.platform.TopicEnds;

/**
 * Waits until everything that is in the topic at the time of the call has been written to
 * the generations that are compared: the live writers have noted so, and no fill has
 * anything left.
 *
 * @param projection what is projected
 * @param compared the generation that is compared with the serving one
 * @param generations the catalogues
 * @param redis the access to Redis
 * @param ends tells where the topic ends
 * @param lease kept while waiting
 */
record Barrier(Projection<?> projection, Generation compared, Generations generations, RedisAccess redis,
		TopicEnds ends, Lease lease) implements Runnable {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final Duration STEP = Duration.ofMillis(200);

	@Override
	public void run() {
		Map<Integer, Long> ends = this.ends.endOffsets(this.projection.topic(), PATIENCE);
		byte[] notes = ProjectionKeys.notes(this.generations.space(), this.projection.name());
		while (!reached(ends, ProjectionProgress.stored(notes, this.redis)) || isFilling()) {
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
