package io.sitestream.kvstore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import io.sitestream.kvstore.ReplayedStore.Colour;
import io.sitestream.platform.Position;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.sitestream.kvstore.ReplayedStore.colour;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A store against a plain map, over random histories: writes, tombstones, unreadable
 * records, markers, compaction, polls of any size and rebalances, in any order.
 */
class RandomHistoriesUnitTests {

	private static final int PARTITIONS = 3;

	private static final int STEPS = 2_000;

	private Random random = new Random();

	private final FakeLog log = new FakeLog(PARTITIONS);

	private final ReplayedStore store = new ReplayedStore(PARTITIONS);

	private final Map<String, Colour> heard = new TreeMap<>();

	/** The newest value of each key that can be read. */
	private final Map<String, Colour> model = new TreeMap<>();

	/** Where the newest record of each key lies, readable or not. */
	private final Map<String, Position> newest = new HashMap<>();

	/** Records that a later readable one has replaced. */
	private final List<Position> superseded = new ArrayList<>();

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 })
	void endInTheSameMap(long seed) {
		this.random = new Random(seed);
		this.store.contents.listen(FakeLog.TOPIC, this::hear);
		for (int i = 0; i < this.random.nextInt(100); i++) {
			write();
		}
		Map<Integer, Long> endsAtStart = new HashMap<>();
		this.log.partitions().forEach((partition) -> endsAtStart.put(partition, this.log.endOffset(partition)));
		this.store.replay.assigned(this.log);

		for (int step = 0; step < STEPS; step++) {
			step();
			assertThat(this.store.isReady()).isEqualTo(hasReached(endsAtStart));
		}
		this.log.pollAll(this.store.replay);

		assertThat(this.store.all()).isEqualTo(this.model);
		assertThat(this.heard).isEqualTo(this.model);
		assertThat(this.store.contents.entries().size()).isEqualTo(this.model.size());
		ReplayedStore second = new ReplayedStore(PARTITIONS);
		second.replay.assigned(this.log);
		this.log.pollAll(second.replay);
		assertThat(second.all()).isEqualTo(this.model);
		assertThat(second.contents.quarantine().records()).isEqualTo(this.store.contents.quarantine().records());
	}

	private void step() {
		int partition = this.random.nextInt(PARTITIONS);
		switch (this.random.nextInt(10)) {
			case 0, 1, 2, 3 -> write();
			case 4 -> this.log.appendMarker(partition);
			case 5 -> compact();
			case 6 -> {
				this.log.seek(partition, this.random.nextLong(this.log.position(partition) + 1));
				this.store.replay.assigned(this.log);
			}
			default -> this.log.poll(partition, 1 + this.random.nextInt(5), this.store.replay);
		}
	}

	private void write() {
		String key = "k" + this.random.nextInt(20);
		int partition = Math.floorMod(key.hashCode(), PARTITIONS);
		Position before = this.newest.get(key);
		if (this.random.nextInt(8) == 0) {
			this.newest.put(key, this.log.append(partition, key, "{broken"));
			return;
		}
		if (before != null) {
			this.superseded.add(before);
		}
		if (this.random.nextInt(4) == 0) {
			this.newest.put(key, this.log.append(partition, key, null));
			this.model.remove(key);
		}
		else {
			String name = Long.toString(this.random.nextLong());
			this.newest.put(key, this.log.append(partition, key, colour(name)));
			this.model.put(key, new Colour(name));
		}
	}

	/** Kafka's cleaner may remove any record that has a later one of the same key. */
	private void compact() {
		if (!this.superseded.isEmpty()) {
			this.log.compactAway(this.superseded.remove(this.random.nextInt(this.superseded.size())));
		}
	}

	private boolean hasReached(Map<Integer, Long> ends) {
		Map<Integer, Long> positions = this.store.progress.positions();
		return ends.entrySet().stream().allMatch((end) -> positions.get(end.getKey()) >= end.getValue());
	}

	private void hear(String key, Colour before, Colour after, Position position, boolean replay) {
		assertThat(this.heard.get(key)).isEqualTo(before);
		if (after != null) {
			this.heard.put(key, after);
		}
		else {
			this.heard.remove(key);
		}
	}

}
