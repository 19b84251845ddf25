package io.sitestream.kvstore;

import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.Function;

import io.sitestream.platform.Emission;
import io.sitestream.platform.Emitter;
import io.sitestream.platform.Position;
import io.sitestream.platform.ProblemException;
import io.sitestream.platform.Replay;
import io.sitestream.platform.Topic;
import io.sitestream.platform.TopicEnds;

import org.springframework.http.HttpStatus;

/**
 * A store over a compacted topic: reads from memory, writes through Kafka.
 *
 * @param <V> the type of the values
 */
final class CompactedTopicStore<V> implements KeyValueStore<V> {

	private final String name;

	private final Topic<V> topic;

	private final String topicName;

	private final StoreContents<V> contents;

	private final StoreReplay replay;

	private final Progress progress;

	private final Emitter emitter;

	private final TopicEnds ends;

	private final Duration patience;

	private volatile boolean fed;

	CompactedTopicStore(String name, Topic<V> topic, String topicName, StoreContents<V> contents, StoreReplay replay,
			Progress progress, Emitter emitter, TopicEnds ends, Duration patience) {
		this.name = name;
		this.topic = topic;
		this.topicName = topicName;
		this.contents = contents;
		this.replay = replay;
		this.progress = progress;
		this.emitter = emitter;
		this.ends = ends;
		this.patience = patience;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public Topic<V> topic() {
		return this.topic;
	}

	@Override
	public String topicName() {
		return this.topicName;
	}

	@Override
	public Optional<String> topicId() {
		return this.replay.topicId();
	}

	/**
	 * Whether a function of this process feeds the store: {@code sitestream.functions}
	 * may leave it to others.
	 * @return whether the store will ever be ready here
	 */
	boolean isFed() {
		return this.fed;
	}

	StoreReplay reading() {
		return this.replay;
	}

	StoreContents<V> contents() {
		return this.contents;
	}

	@Override
	public boolean isReady() {
		return this.replay.isReady();
	}

	@Override
	public Optional<V> find(String key) {
		return read((entries) -> {
			Entry<V> entry = entries.get(key);
			return (entry != null) ? Optional.of(entry.value()) : Optional.empty();
		});
	}

	@Override
	public boolean containsKey(String key) {
		return read((entries) -> entries.get(key) != null);
	}

	@Override
	public NavigableMap<String, V> all() {
		return read(Entries::all);
	}

	@Override
	public NavigableMap<String, V> range(String from, String to) {
		if (from.compareTo(to) > 0) {
			throw new IllegalArgumentException(
					"Range from '%s' to '%s' is backwards: its first key must not be behind its end.".formatted(from,
							to));
		}
		return read((entries) -> entries.range(from, to));
	}

	@Override
	public int size() {
		return read(Entries::size);
	}

	/**
	 * Reads what belongs to one finished reading of the topic. When the topic begins to
	 * be read anew meanwhile, what was read may be of its past, and is dropped.
	 */
	private <T> T read(Function<Entries<V>, T> reading) {
		while (true) {
			long before = requireReady();
			T answer = reading.apply(this.contents.entries());
			if (requireReady() == before) {
				return answer;
			}
		}
	}

	private long requireReady() {
		long shown = this.replay.shown();
		if (shown == 0) {
			requireFollowing();
			throw new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, "store-not-ready",
					"Store '%s' is still reading topic '%s' and answers when it has reached its end: try again in a moment."
						.formatted(this.name, this.topicName))
				.withHeader("Retry-After", "1");
		}
		return shown;
	}

	@Override
	public void requireFollowing() {
		if (!this.replay.isFollowing()) {
			throw new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, "store-not-ready",
					"Store '%s' does not follow topic '%s': the function that reads it was stopped or paused (/actuator/bindings), or has ended (/actuator/health). Nothing was read or written: ask another instance, or again when it runs."
						.formatted(this.name, this.topicName))
				.withHeader("Retry-After", "10");
		}
	}

	@Override
	public Position put(String key, V value) {
		Codec<V> codec = this.contents.codec();
		// JSON is what the edge writes by itself, with the type of the value in a header
		return append((codec instanceof JsonCodec) ? Emission.of(this.topic, key, value)
				: new Emission(this.topic, key, codec.write(value), Map.of("content-type", codec.contentType())));
	}

	@Override
	public Position delete(String key) {
		return append(Emission.tombstone(this.topic, key));
	}

	private Position append(Emission emission) {
		requireFollowing();
		Position position = this.emitter.emit(emission);
		if (!await(position, this.patience)) {
			throw behind(
					"Store '%s' does not show the record at %s yet, after %d ms. It was taken and will appear: do not repeat it."
						.formatted(this.name, position, this.patience.toMillis()));
		}
		return position;
	}

	@Override
	public boolean await(Position position, Duration timeout) {
		if (!position.topic().equals(this.topicName)) {
			throw new IllegalArgumentException(
					"Store '%s' never reads %s: its topic is %s.".formatted(this.name, position, this.topicName));
		}
		return this.progress.await(Map.of(position.partition(), position.offset() + 1), timeout);
	}

	@Override
	public void sync(Duration timeout) {
		long begin = System.nanoTime();
		Map<Integer, Long> wanted = this.ends.endOffsets(this.topic, timeout);
		if (!this.progress.await(wanted, timeout.minusNanos(System.nanoTime() - begin))) {
			throw behind("Store '%s' has read topic '%s' up to %s, not yet up to %s, after %d ms: try again."
				.formatted(this.name, this.topicName, positions(), wanted, timeout.toMillis()));
		}
	}

	private static ProblemException behind(String detail) {
		return new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, "store-behind", detail).withHeader("Retry-After",
				"1");
	}

	@Override
	public void listen(StoreListener<V> listener) {
		this.contents.listen(this.topicName, listener);
	}

	@Override
	public Map<Integer, Long> positions() {
		return this.progress.positions();
	}

	@Override
	public Replay replay() {
		this.fed = true;
		return this.replay;
	}

}
