package io.sitestream.kvstore;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.sitestream.platform.ProblemException;
import io.sitestream.platform.TopicEnds;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Looks at the topics of the stores from outside of their consumers, and writes
 * checkpoints: on schedule, and at the stop, after the consumers.
 */
@Component
class StoreWatch implements SmartLifecycle {

	private static final Logger log = LoggerFactory.getLogger(StoreWatch.class);

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final KeyValueStores stores;

	private final TopicEnds ends;

	private final CheckpointDirectory directory;

	private final KeyValueStoreProperties properties;

	private final Clock clock;

	private @Nullable ScheduledExecutorService scheduler;

	StoreWatch(KeyValueStores stores, TopicEnds ends, CheckpointDirectory directory, KeyValueStoreProperties properties,
			Clock clock) {
		this.stores = stores;
		this.ends = ends;
		this.directory = directory;
		this.properties = properties;
		this.clock = clock;
	}

	@Override
	public synchronized void start() {
		ScheduledExecutorService starting = Executors
			.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("store-watch").factory());
		long look = this.properties.lookInterval().toMillis();
		starting.scheduleWithFixedDelay(
				() -> this.stores.all().stream().filter(CompactedTopicStore::isFed).forEach(this::look), look, look,
				TimeUnit.MILLISECONDS);
		long write = this.properties.checkpoints().interval().toMillis();
		starting.scheduleWithFixedDelay(() -> this.stores.all().forEach(this::write), write, write,
				TimeUnit.MILLISECONDS);
		this.scheduler = starting;
	}

	@Override
	public synchronized boolean isRunning() {
		return this.scheduler != null;
	}

	@Override
	public synchronized void stop() {
		ScheduledExecutorService running = this.scheduler;
		if (running != null) {
			// a question to a Kafka that is away is not waited for
			running.shutdownNow();
			running.close();
			this.scheduler = null;
			this.stores.all().forEach(this::write);
		}
	}

	private void look(CompactedTopicStore<?> store) {
		try {
			Instant now = this.clock.instant();
			store.reading()
				.see(new Sighting(this.ends.identity(store.topic(), PATIENCE),
						this.ends.endOffsets(store.topic(), PATIENCE), now));
		}
		catch (ProblemException ex) {
			log.debug("{}: cannot look at topic '{}'.", store.name(), store.topicName(), ex);
		}
	}

	private void write(CompactedTopicStore<?> store) {
		Optional<CheckpointFile> file = this.directory.file(store.name());
		if (file.isEmpty()) {
			return;
		}
		try {
			Optional<Checkpoint> checkpoint = store.reading().checkpoint(store.topicName());
			if (checkpoint.isPresent()) {
				file.get().write(checkpoint.get());
				log.debug("{}: wrote a checkpoint with {} records.", store.name(), checkpoint.get().records().size());
			}
		}
		catch (IOException | RuntimeException ex) {
			log.warn("{}: cannot write its checkpoint, the one before stays.", store.name(), ex);
		}
	}

}
