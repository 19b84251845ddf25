package io.sitestream.kvstore;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;

import io.sitestream.platform.Emitter;
import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.Topic;

/**
 * A store's reading side, without Kafka.
 */
final class ReplayedStore {

	private final Topic<Colour> topic;

	final StoreContents<Colour> contents;

	final Progress progress = new Progress();

	final StoreReplay replay;

	ReplayedStore(int partitions) {
		this.topic = Topic.compacted("colours", Colour.class, partitions);
		this.contents = new StoreContents<>("colours", this.topic, new RecordFormat());
		this.replay = new StoreReplay("colours", partitions, this.contents, this.progress, Clock.systemUTC());
	}

	/**
	 * The whole store, whose barriers do not work without Kafka.
	 */
	CompactedTopicStore<Colour> store(Emitter emitter, Duration patience) {
		return new CompactedTopicStore<>("colours", this.topic, FakeLog.TOPIC, this.contents, this.replay,
				this.progress, emitter, null, patience);
	}

	boolean isReady() {
		return this.replay.isReady();
	}

	Map<String, Colour> all() {
		return this.contents.entries().all();
	}

	static String colour(String name) {
		return "{\"name\":\"%s\"}".formatted(name);
	}

	/**
	 * A value.
	 *
	 * @param name any text
	 */
	record Colour(String name) {

	}

}
