package io.sitestream.kvstore;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

import io.micrometer.core.instrument.MeterRegistry;
import io.sitestream.platform.Emitter;
import io.sitestream.platform.ProblemException;
import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.Topic;
import io.sitestream.platform.TopicEnds;
import io.sitestream.platform.TopicIdentity;
import io.sitestream.platform.TopicNames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Makes stores. A store is declared by a bean and fed by a function without a group:
 *
 * <pre>
 * &#64;Bean
 * KeyValueStore&lt;Country&gt; countryStore(KeyValueStores stores) {
 *     return stores.of("countries", COUNTRIES);
 * }
 *
 * &#64;Bean
 * Consumer&lt;Message&lt;List&lt;RawRecord&gt;&gt;&gt; refreshCountries(Edge edge, KeyValueStore&lt;Country&gt; countryStore) {
 *     return edge.from(COUNTRIES).replay(countryStore.replay());
 * }
 * </pre>
 */
@Component
public class KeyValueStores {

	private static final Logger log = LoggerFactory.getLogger(KeyValueStores.class);

	private static final Duration IDENTITY_PATIENCE = Duration.ofSeconds(5);

	private final Map<String, CompactedTopicStore<?>> stores = new ConcurrentSkipListMap<>();

	private final TopicNames names;

	private final RecordFormat format;

	private final Emitter emitter;

	private final TopicEnds ends;

	private final KeyValueStoreProperties properties;

	private final CheckpointDirectory checkpoints;

	private final MeterRegistry meters;

	private final Clock clock;

	KeyValueStores(TopicNames names, RecordFormat format, Emitter emitter, TopicEnds ends,
			KeyValueStoreProperties properties, CheckpointDirectory checkpoints, MeterRegistry meters, Clock clock) {
		this.names = names;
		this.format = format;
		this.emitter = emitter;
		this.ends = ends;
		this.properties = properties;
		this.checkpoints = checkpoints;
		this.meters = meters;
		this.clock = clock;
	}

	/**
	 * Makes a store whose values are JSON.
	 * @param name what it is called in {@code /actuator/kvstores}, metrics and messages
	 * @param topic a compacted topic
	 * @param <V> the type of the values
	 * @return the store
	 * @throws IllegalArgumentException if the topic is not compacted, since a store would
	 * forget what the topic does, or if there is a store of that name
	 */
	public <V> KeyValueStore<V> of(String name, Topic<V> topic) {
		return of(name, topic, Codec.json(this.format, topic.type()));
	}

	/**
	 * Makes a store.
	 * @param name what it is called in {@code /actuator/kvstores}, metrics and messages
	 * @param topic a compacted topic
	 * @param codec how its values are read and written
	 * @param <V> the type of the values
	 * @return the store
	 * @throws IllegalArgumentException if the topic is not compacted, since a store would
	 * forget what the topic does, or if there is a store of that name
	 */
	public <V> KeyValueStore<V> of(String name, Topic<V> topic, Codec<V> codec) {
		if (!topic.isCompacted()) {
			throw new IllegalArgumentException(
					"Store '%s' refuses to serve: topic '%s' is not compacted but forgets records after %s."
						.formatted(name, topic.name(), topic.retention()));
		}
		Optional<CheckpointFile> checkpoint = this.checkpoints.file(name);
		StoreContents<V> contents = new StoreContents<>(name, topic, codec, checkpoint.isPresent());
		Progress progress = new Progress();
		StoreReplay replay = new StoreReplay(name, topic.partitions(), contents, progress, this.clock,
				() -> identity(topic), checkpoint);
		CompactedTopicStore<V> store = new CompactedTopicStore<>(name, topic, this.names.of(topic), contents, replay,
				progress, this.emitter, this.ends, this.properties.writeTimeout());
		if (this.stores.putIfAbsent(name, store) != null) {
			throw new IllegalArgumentException(
					"There are two stores '%s'. Known are: %s.".formatted(name, this.stores.keySet()));
		}
		StoreMetrics.register(store, this.meters);
		return store;
	}

	private Optional<TopicIdentity> identity(Topic<?> topic) {
		try {
			return Optional.of(this.ends.identity(topic, IDENTITY_PATIENCE));
		}
		catch (ProblemException ex) {
			log.warn("Kafka does not tell which topic '{}' is: a checkpoint cannot be used now.", topic.name(), ex);
			return Optional.empty();
		}
	}

	Collection<CompactedTopicStore<?>> all() {
		return Collections.unmodifiableCollection(this.stores.values());
	}

}
