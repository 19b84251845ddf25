package io.sitestream.projection;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.sitestream.platform.PartitionListener;
import io.sitestream.platform.RedisKeySpace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;

/**
 * Notes once a second for each partition when the writer was last at its end, so that
 * readers can say how far behind they may be.
 */
final class ProjectionProgress implements PartitionListener {

	private static final Logger log = LoggerFactory.getLogger(ProjectionProgress.class);

	private static final long INTERVAL_MILLIS = 900;

	private final byte[] notes;

	private final RedisAccess redis;

	private final Clock clock;

	private final Map<Integer, Note> newest = new ConcurrentHashMap<>();

	ProjectionProgress(RedisKeySpace space, String projection, RedisAccess redis, Clock clock) {
		this.notes = ProjectionKeys.notes(space, projection);
		this.redis = redis;
		this.clock = clock;
	}

	@Override
	public void reached(String topic, int partition, long position, long remaining) {
		note(partition, remaining == 0);
	}

	private void note(int partition, boolean atEnd) {
		long now = this.clock.millis();
		Note before = this.newest.get(partition);
		long lastAtEnd = atEnd ? now : (before != null) ? before.atEnd() : 0;
		boolean due = before == null || now - before.written() >= INTERVAL_MILLIS || (atEnd != before.isAtEnd());
		if (!due || lastAtEnd == 0) {
			return;
		}
		Note note = new Note(now, lastAtEnd);
		try {
			this.redis.one((redis) -> redis.hset(this.notes,
					Integer.toString(partition).getBytes(StandardCharsets.UTF_8), note.encode()));
			this.newest.put(partition, note);
		}
		catch (DataAccessException ex) {
			log.debug("The position of partition {} stays unnoted.", partition, ex);
		}
	}

	/**
	 * A note.
	 *
	 * @param written when it was written
	 * @param atEnd when the writer was last at the end
	 */
	record Note(long written, long atEnd) {

		boolean isAtEnd() {
			return this.written == this.atEnd;
		}

		byte[] encode() {
			return (this.written + ":" + this.atEnd).getBytes(StandardCharsets.UTF_8);
		}

		static Note decode(byte[] encoded) {
			String[] parts = new String(encoded, StandardCharsets.UTF_8).split(":");
			return new Note(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
		}

	}

}
