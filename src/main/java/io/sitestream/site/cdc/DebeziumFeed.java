package io.sitestream.site.cdc;

import java.io.IOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.debezium.engine.spi.OffsetCommitPolicy;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Debezium's engine on one slot. It hands over what was inserted into
 * {@code site.changes}, those of one transaction and of one site in order, and confirms
 * it to the slot when the consumer has returned. It keeps no offsets: it goes on where
 * the slot is, and so may repeat what was handed over already.
 */
final class DebeziumFeed implements AutoCloseable {

	private static final Logger log = LoggerFactory.getLogger(DebeziumFeed.class);

	private static final Duration LONGEST_END = Duration.ofSeconds(15);

	private final DebeziumEngine<?> engine;

	private final Thread thread;

	private final CompletableFuture<Void> ended = new CompletableFuture<>();

	private DebeziumFeed(Properties properties, Consumer<List<Change>> consumer) {
		this.engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
			.using(properties)
			.using(OffsetCommitPolicy.always())
			.using(getClass().getClassLoader())
			.using((success, message, error) -> this.ended.completeExceptionally(
					(error != null) ? error : new IllegalStateException("Debezium has ended: " + message)))
			.notifying((List<RecordChangeEvent<SourceRecord>> records,
					DebeziumEngine.RecordCommitter<RecordChangeEvent<SourceRecord>> committer) -> {
				consumer.accept(changes(records));
				for (RecordChangeEvent<SourceRecord> record : records) {
					committer.markProcessed(record);
				}
				committer.markBatchFinished();
			})
			.build();
		this.thread = Thread.ofPlatform().name("site-changes-engine").daemon().unstarted(this.engine);
	}

	static DebeziumFeed start(DatabaseAddress database, ReplicationSlot slot, Consumer<List<Change>> consumer) {
		Properties properties = database.forDebezium();
		properties.putAll(properties(slot.name(), slot.publication()));
		DebeziumFeed feed = new DebeziumFeed(properties, consumer);
		feed.thread.start();
		return feed;
	}

	private static Properties properties(String slot, String publication) {
		Properties properties = new Properties();
		properties.setProperty("name", slot);
		// also names its MBeans, which must differ between streams of one JVM
		properties.setProperty("topic.prefix", slot);
		properties.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
		properties.setProperty("plugin.name", "pgoutput");
		properties.setProperty("slot.name", slot);
		properties.setProperty("publication.name", publication);
		properties.setProperty("publication.autocreate.mode", "disabled");
		properties.setProperty("table.include.list", "site.changes");
		properties.setProperty("snapshot.mode", "no_data");
		properties.setProperty("offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
		// what others write must not keep the server from removing log
		properties.setProperty("lsn.flush.mode", "connector_and_driver");
		properties.setProperty("heartbeat.interval.ms", "5000");
		// it sleeps so long when there is nothing
		properties.setProperty("poll.interval.ms", "5");
		properties.setProperty("max.batch.size", "500");
		properties.setProperty("max.queue.size", "1000");
		properties.setProperty("max.queue.size.in.bytes", "16000000");
		// failures end it, and we begin anew from the table
		properties.setProperty("errors.max.retries", "0");
		properties.setProperty("slot.max.retries", "0");
		return properties;
	}

	private static List<Change> changes(List<RecordChangeEvent<SourceRecord>> records) {
		List<Change> changes = new ArrayList<>(records.size());
		for (RecordChangeEvent<SourceRecord> record : records) {
			// heartbeats have no row
			if (record.record().value() instanceof Struct value && value.schema().field("after") != null
					&& value.getStruct("after") instanceof Struct row) {
				changes.add(new Change(row.getInt64("change_id"), Objects.requireNonNull(row.getString("site_id")),
						row.getInt64("version"), row.getString("payload"),
						OffsetDateTime.parse(row.getString("changed_at")).toInstant()));
			}
		}
		return changes;
	}

	/**
	 * Completes when the engine has ended, which it does only when something fails.
	 * @return completes exceptionally, with the cause
	 */
	CompletableFuture<Void> ended() {
		return this.ended;
	}

	@Override
	public void close() {
		long deadline = System.nanoTime() + LONGEST_END.toNanos();
		while (this.thread.isAlive() && System.nanoTime() < deadline) {
			try {
				this.engine.close();
			}
			catch (IOException | IllegalStateException ex) {
				// it is just starting, or just ending
				LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
			}
		}
		if (this.thread.isAlive()) {
			log.warn("site changes: Debezium did not end within {}", LONGEST_END);
			this.thread.interrupt();
		}
	}

}
