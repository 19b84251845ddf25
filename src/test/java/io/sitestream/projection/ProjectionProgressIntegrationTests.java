package io.sitestream.projection;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.UUID;

import io.sitestream.TestServers;
import io.sitestream.platform.PartitionLog;
import io.sitestream.platform.RedisKeySpace;
import io.sitestream.projection.ProjectionProgress.Note;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

class ProjectionProgressIntegrationTests {

	private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

	private final RedisKeySpace space = new RedisKeySpace("n" + UUID.randomUUID().toString().substring(0, 8) + ":");

	private LettuceConnectionFactory connections;

	@BeforeEach
	void connect() {
		this.connections = new LettuceConnectionFactory("127.0.0.1", TestServers.redis().port());
		this.connections.afterPropertiesSet();
		this.connections.start();
	}

	@AfterEach
	void disconnect() {
		this.connections.destroy();
	}

	@Test
	void notesHowFarTheWriterIsEvenIfItNeverWasAtTheEnd() {
		at(NOON).reached("t", 0, 40, 7);

		assertThat(note()).isEqualTo(new Note(NOON.toEpochMilli(), Note.NEVER, 40, 7));
	}

	@Test
	void notesOnceASecondAndWheneverTheEndIsReachedOrLeft() {
		ProjectionProgress progress = at(NOON);
		progress.reached("t", 0, 40, 7);
		progress.reached("t", 0, 41, 6);
		assertThat(note().applied()).isEqualTo(40);

		progress.reached("t", 0, 47, 0);
		assertThat(note()).isEqualTo(new Note(NOON.toEpochMilli(), NOON.toEpochMilli(), 47, 0));
	}

	@Test
	void goesOnFromWhatTheOwnerBeforeHasNoted() {
		at(NOON).reached("t", 0, 47, 0);
		Instant later = NOON.plus(Duration.ofMinutes(1));
		ProjectionProgress next = at(later);
		next.assigned(new OnePartition());
		next.reached("t", 0, 50, 3);

		assertThat(note()).isEqualTo(new Note(later.toEpochMilli(), NOON.toEpochMilli(), 50, 3));
	}

	@Test
	void readsNotesOfAnEarlierVersion() {
		assertThat(Note.decode("5:4".getBytes())).isEqualTo(new Note(5, 4, 0, Long.MAX_VALUE));
	}

	private ProjectionProgress at(Instant time) {
		return new ProjectionProgress(this.space, "notes", new RedisAccess(this.connections),
				Clock.fixed(time, ZoneOffset.UTC));
	}

	private Note note() {
		return ProjectionProgress.stored(ProjectionKeys.notes(this.space, "notes"), new RedisAccess(this.connections))
			.get(0);
	}

	private record OnePartition() implements PartitionLog {

		@Override
		public String topic() {
			return "t";
		}

		@Override
		public Set<Integer> partitions() {
			return Set.of(0);
		}

		@Override
		public long beginningOffset(int partition) {
			return 0;
		}

		@Override
		public long endOffset(int partition) {
			return 100;
		}

		@Override
		public long offsetSince(int partition, Instant time) {
			return 0;
		}

		@Override
		public long position(int partition) {
			return 0;
		}

		@Override
		public void seek(int partition, long offset) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void seek(int partition, long offset, int leaderEpoch) {
			throw new UnsupportedOperationException();
		}

	}

}
