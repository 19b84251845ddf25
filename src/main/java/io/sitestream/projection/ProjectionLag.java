package io.sitestream.projection;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import io.sitestream.platform.RedisKeySpace;
import io.sitestream.projection.reading.Question;
import io.sitestream.projection.reading.ReadSource;

/**
 * How far behind a projection may be, as the writer's notes say where the views are read.
 * They are read again after a quarter of a second, and never from memory, so a reader
 * whose connection is dead notices when nothing answers that. A replica that is cut off
 * shows old notes, and so a growing lag.
 */
final class ProjectionLag {

	private static final Duration NOTE_IS_FRESH = Duration.ofSeconds(5);

	private static final long CACHED_MILLIS = 250;

	/** While one thread reads the notes, others may take what was known so long. */
	private static final long TOLERATED_MILLIS = 500;

	private final ReentrantLock reading = new ReentrantLock();

	private final Question notes;

	private final int partitions;

	private final ReadSource source;

	private final Clock clock;

	private final long started;

	private volatile Lag known = new Lag(0, Duration.ZERO);

	ProjectionLag(RedisKeySpace space, String projection, int partitions, ReadSource source, Clock clock) {
		this.notes = Question.fields(ProjectionKeys.notes(space, projection));
		this.partitions = partitions;
		this.source = source;
		this.clock = clock;
		this.started = clock.millis();
	}

	Duration get() {
		long age = this.clock.millis() - this.known.asked();
		if (age <= CACHED_MILLIS) {
			return this.known.lag();
		}
		if (age > TOLERATED_MILLIS) {
			this.reading.lock();
		}
		else if (!this.reading.tryLock()) {
			return this.known.lag();
		}
		try {
			long now = this.clock.millis();
			if (now - this.known.asked() > CACHED_MILLIS) {
				this.known = new Lag(now, ask(now));
			}
			return this.known.lag();
		}
		finally {
			this.reading.unlock();
		}
	}

	private Duration ask(long now) {
		List<byte[]> fields = this.source.ask(this.notes);
		long lag = 0;
		for (int i = 1; i < fields.size(); i += 2) {
			ProjectionProgress.Note note = ProjectionProgress.Note.decode(fields.get(i));
			boolean fresh = now - note.written() < NOTE_IS_FRESH.toMillis();
			if (!fresh || !note.isAtEnd()) {
				long since = (note.atEnd() != ProjectionProgress.Note.NEVER) ? note.atEnd() : this.started;
				lag = Math.max(lag, now - since);
			}
		}
		boolean complete = fields.size() / 2 >= this.partitions;
		return Duration.ofMillis(complete ? lag : Math.max(lag, now - this.started));
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
