package io.sitestream.projection;

import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

import io.sitestream.platform.PartitionListener;
import io.sitestream.platform.PartitionLog;
import io.sitestream.platform.RedisKeySpace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Notes about once a second for each partition how far the writer is and when it was last
 * at the end, so that readers can say how far behind they may be.
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

	/**
	 * Goes on from what the owner before has noted.
	 */
	@Override
	public void assigned(PartitionLog partitions) {
		Map<Integer, Note> stored = stored(this.notes, this.redis);
		partitions.partitions().forEach((partition) -> {
			Note note = stored.get(partition);
			if (note != null) {
				this.newest.put(partition, note);
			}
			else {
				this.newest.remove(partition);
			}
		});
	}

	@Override
	public void reached(String topic, int partition, long position, long remaining) {
		long now = this.clock.millis();
		boolean atEnd = remaining == 0;
		Note before = this.newest.get(partition);
		if (before == null || now - before.written() >= INTERVAL_MILLIS || atEnd != before.isAtEnd()) {
			long lastAtEnd = atEnd ? now : (before != null) ? before.atEnd() : Note.NEVER;
			write(partition, new Note(now, lastAtEnd, position, remaining));
		}
	}

	private void write(int partition, Note note) {
		try {
			this.redis.one((redis) -> redis.hset(this.notes, bytes(Integer.toString(partition)), note.encode()));
			this.newest.put(partition, note);
		}
		catch (DataAccessException ex) {
			log.debug("The position of partition {} stays unnoted.", partition, ex);
		}
	}

	/**
	 * The newest notes of all partitions, whoever wrote them.
	 * @param key the key of the notes
	 * @param redis where they are
	 * @return the notes by partition, none if Redis is away
	 */
	static Map<Integer, Note> stored(byte[] key, RedisAccess redis) {
		try {
			Map<Integer, Note> notes = new TreeMap<>();
			Map<byte[], byte[]> found = redis.one((commands) -> commands.hgetall(key));
			if (found != null) {
				found.forEach((partition, note) -> notes.put(Integer.valueOf(new String(partition, UTF_8)),
						Note.decode(note)));
			}
			return notes;
		}
		catch (DataAccessException ex) {
			log.debug("The notes cannot be read.", ex);
			return Map.of();
		}
	}

	private static byte[] bytes(String text) {
		return text.getBytes(UTF_8);
	}

	/**
	 * A note. In Redis its numbers stand in this order, separated by colons.
	 *
	 * @param written when it was written, in milliseconds since 1970
	 * @param atEnd when the writer was last at the end, {@link #NEVER} if it never was
	 * @param applied the offset up to which records have been applied, exclusive
	 * @param remaining how many records were known to follow, {@link Long#MAX_VALUE} if
	 * that was unknown
	 */
	record Note(long written, long atEnd, long applied, long remaining) {

		static final long NEVER = 0;

		boolean isAtEnd() {
			return this.written == this.atEnd;
		}

		byte[] encode() {
			return bytes(this.written + ":" + this.atEnd + ":" + this.applied + ":" + this.remaining);
		}

		static Note decode(byte[] encoded) {
			long[] numbers = Arrays.stream(new String(encoded, UTF_8).split(":")).mapToLong(Long::parseLong).toArray();
			return new Note(numbers[0], numbers[1], (numbers.length > 2) ? numbers[2] : 0,
					(numbers.length > 3) ? numbers[3] : Long.MAX_VALUE);
		}

	}

}
