package io.sitestream.kvstore;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

import io.sitestream.kvstore.ReplayedStore.Colour;
import io.sitestream.platform.Position;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.TopicIdentity;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.sitestream.kvstore.ReplayedStore.colour;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Restarts from checkpoints, over random histories: writes, tombstones, compaction that
 * removes tombstones when their time is over, stops, kills, long absences, other leaders
 * and topics made anew. Whatever came, the store ends with what a full replay gives.
 */
class CheckpointHistoriesUnitTests {

	private static final int PARTITIONS = 2;

	private static final int STEPS = 3_000;

	private static final Duration RETENTION = Duration.ofHours(24);

	@TempDir
	Path directory;

	private Random random = new Random();

	private FakeLog log = new FakeLog(PARTITIONS);

	private int topics;

	private Instant now = Instant.parse("2026-11-23T12:00:00Z");

	/** When the records were written. */
	private final Map<Position, Instant> written = new HashMap<>();

	private CheckpointFile file;

	private ReplayedStore store;

	private int resumed;

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 })
	void endInWhatAFullReplayGives(long seed) throws IOException {
		this.random = new Random(seed);
		this.file = new CheckpointFile(this.directory.resolve("colours.checkpoint"));
		restart();

		for (int step = 0; step < STEPS; step++) {
			step();
			if (step % 100 == 0) {
				readToTheEnd();
				assertThat(this.store.all()).as("step %d", step).isEqualTo(contents());
			}
		}

		assertThat(this.resumed).isGreaterThan(10);
	}

	private void step() throws IOException {
		int partition = this.random.nextInt(PARTITIONS);
		switch (this.random.nextInt(100)) {
			case 0 -> restart();
			case 1, 2 -> {
				writeCheckpoint();
				restart();
			}
			case 3, 4 -> writeCheckpoint();
			case 5 -> pass(Duration.ofHours(this.random.nextInt(48)));
			case 6 -> this.log.truncate(partition, Math.max(0, this.log.endOffset(partition) - this.random.nextInt(4)));
			case 7 -> makeTheTopicAnew();
			case 8, 9, 10 -> look();
			case 11, 12, 13, 14, 15, 16, 17, 18, 19 -> compact(partition);
			case 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39 ->
				this.log.poll(partition, 1 + this.random.nextInt(5), this.store.replay);
			default -> write();
		}
		pass(Duration.ofMinutes(this.random.nextInt(10)));
	}

	private void write() {
		String key = "k" + this.random.nextInt(12);
		int partition = Math.floorMod(key.hashCode(), PARTITIONS);
		String value = (this.random.nextInt(3) == 0) ? null : colour(Long.toString(this.random.nextLong()));
		this.written.put(this.log.append(partition, key, value), this.now);
	}

	/**
	 * As Kafka's cleaner: what has a later record goes, and tombstones after their time.
	 */
	private void compact(int partition) {
		Map<String, RawRecord> newest = new HashMap<>();
		List<RawRecord> records = this.log.records(partition);
		records.forEach((record) -> newest.put(record.keyText(), record));
		for (RawRecord record : records) {
			boolean superseded = newest.get(record.keyText()) != record;
			boolean expired = record.isTombstone()
					&& this.written.get(record.position()).plus(RETENTION).isBefore(this.now);
			if ((superseded || expired) && this.random.nextBoolean()) {
				this.log.compactAway(record.position());
			}
		}
	}

	private void makeTheTopicAnew() {
		this.log = new FakeLog(PARTITIONS);
		this.topics++;
		this.store.identity = identity();
	}

	private void restart() {
		this.store = new ReplayedStore(PARTITIONS, Optional.of(this.file));
		this.store.now = this.now;
		this.store.identity = identity();
		this.store.replay.assigned(this.log);
		if (this.store.contents.entries().size() > 0) {
			this.resumed++;
		}
	}

	private void writeCheckpoint() throws IOException {
		Optional<Checkpoint> checkpoint = this.store.replay.checkpoint(FakeLog.TOPIC);
		if (checkpoint.isPresent()) {
			this.file.write(checkpoint.get());
		}
	}

	private void look() {
		Map<Integer, Long> ends = new TreeMap<>();
		this.log.partitions().forEach((partition) -> ends.put(partition, this.log.endOffset(partition)));
		this.store.replay.see(new Sighting(identity().orElseThrow(), ends, this.now));
	}

	private Optional<TopicIdentity> identity() {
		return Optional.of(new TopicIdentity("topic " + this.topics, RETENTION));
	}

	private void pass(Duration time) {
		this.now = this.now.plus(time);
		this.store.now = this.now;
	}

	/** A few looks and polls, as they come by themselves after a while. */
	private void readToTheEnd() {
		for (int i = 0; i < 4; i++) {
			pass(Duration.ofSeconds(10));
			look();
			this.log.partitions().forEach((partition) -> this.log.poll(partition, 10, this.store.replay));
			this.log.pollAll(this.store.replay);
		}
		assertThat(this.store.isReady()).isTrue();
	}

	private Map<String, Colour> contents() {
		Map<String, Colour> contents = new TreeMap<>();
		for (int partition : this.log.partitions()) {
			for (RawRecord record : this.log.records(partition)) {
				if (record.value() != null) {
					contents.put(record.keyText(), new RecordFormat().read(record.value(), Colour.class));
				}
				else {
					contents.remove(record.keyText());
				}
			}
		}
		return contents;
	}

}
