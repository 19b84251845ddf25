package io.sitestream.kvstore;

import java.time.Clock;
import java.util.Map;

import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.Replay;
import io.sitestream.platform.Topic;

/**
 * A store's reading side, without Kafka.
 */
final class ReplayedStore {

	final StoreContents<Colour> contents;

	final Progress progress = new Progress();

	final StoreReplay replay;

	ReplayedStore(int partitions) {
		Topic<Colour> topic = Topic.compacted("colours", Colour.class, partitions);
		this.contents = new StoreContents<>("colours", topic, new RecordFormat());
		this.replay = new StoreReplay("colours", partitions, this.contents, this.progress, Clock.systemUTC());
	}

	Replay replay() {
		return this.replay;
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
