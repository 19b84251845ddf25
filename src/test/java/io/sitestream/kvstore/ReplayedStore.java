package io.sitestream.kvstore;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;

import io.sitestream.platform.Emitter;
import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.Topic;
import io.sitestream.platform.TopicIdentity;

/**
 * A store's reading side, without Kafka.
 */
final class ReplayedStore {

	private final Topic<Colour> topic;

	final StoreContents<Colour> contents;

	final Progress progress = new Progress();

	final StoreReplay replay;

	/** Which topic the store is told that it reads. */
	Optional<TopicIdentity> identity = Optional.of(new TopicIdentity("first", Duration.ofHours(24)));

	Instant now = Instant.parse("2026-11-23T12:00:00Z");

	ReplayedStore(int partitions) {
		this(partitions, Optional.empty());
	}

	ReplayedStore(int partitions, Optional<CheckpointFile> checkpoint) {
		this(Topic.compacted("colours", Colour.class, partitions), checkpoint);
	}

	private ReplayedStore(Topic<Colour> topic, Optional<CheckpointFile> checkpoint) {
		InstantSource time = () -> this.now;
		this.topic = topic;
		this.contents = new StoreContents<>("colours", this.topic, Codec.json(new RecordFormat(), Colour.class),
				checkpoint.isPresent());
		this.replay = new StoreReplay("colours", topic.partitions(), this.contents, this.progress,
				time.withZone(ZoneOffset.UTC), () -> this.identity, checkpoint);
	}

	/**
	 * A store whose topic declares its key.
	 */
	static ReplayedStore keyed(int partitions) {
		return new ReplayedStore(Topic.compacted("colours", Colour.class, partitions).keyedBy("name", Colour::name),
				Optional.empty());
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
