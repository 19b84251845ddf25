package io.sitestream.platform.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.kafka.listener.BatchInterceptor;

/**
 * Writes down which offsets this process has processed: a line of JSON for each partition
 * of each batch, so that the trails of several processes together show what was left out
 * and what was done twice. A line is there when the batch is done, and for a
 * transactional function when its transaction has ended; a process that is killed in
 * between leaves none.
 */
final class Trail {

	private static final Logger log = LoggerFactory.getLogger(Trail.class);

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private final @Nullable Path file;

	private final String instance;

	private final Clock clock;

	/** Where the next batch is expected to begin. */
	private final Map<Input, Long> next = new ConcurrentHashMap<>();

	/** Batches of the transaction that is open on this thread. */
	private final ThreadLocal<List<Line>> open = ThreadLocal.withInitial(ArrayList::new);

	/**
	 * Creates a trail.
	 * @param file where lines are appended, {@code null} for nowhere
	 * @param instance what this process is called
	 * @param clock says when
	 */
	Trail(@Nullable Path file, String instance, Clock clock) {
		this.file = file;
		this.instance = instance;
		this.clock = clock;
	}

	static Trail off() {
		return new Trail(null, "", Clock.systemUTC());
	}

	boolean isOn() {
		return this.file != null;
	}

	/**
	 * Notes where a function begins to read.
	 * @param function the function
	 * @param consumer its consumer, on whose thread this is called
	 * @param partitions what it was assigned
	 */
	void assigned(String function, Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
		if (isOn()) {
			partitions
				.forEach((partition) -> this.next.put(new Input(function, partition), consumer.position(partition)));
		}
	}

	/**
	 * Notes the end of the transaction that is open on this thread, if there is one.
	 * @param end how it ended
	 */
	void ended(End end) {
		if (isOn()) {
			List<Line> lines = this.open.get();
			lines.forEach((line) -> write(line.at(this.clock.instant()).end(end)));
			lines.clear();
		}
	}

	/**
	 * Hears of the batches of a function.
	 * @param function the function
	 * @param transactional whether a batch is done only when its transaction has ended
	 * @return for the function's container
	 */
	BatchInterceptor<Object, Object> of(String function, boolean transactional) {
		return new BatchInterceptor<>() {
			@Override
			public ConsumerRecords<Object, Object> intercept(ConsumerRecords<Object, Object> records,
					Consumer<Object, Object> consumer) {
				return records;
			}

			@Override
			public void success(ConsumerRecords<Object, Object> records, Consumer<Object, Object> consumer) {
				List<Line> lines = lines(function, records, End.DONE);
				if (transactional) {
					Trail.this.open.get().addAll(lines);
				}
				else {
					lines.forEach(Trail.this::write);
				}
			}

			@Override
			public void failure(ConsumerRecords<Object, Object> records, Exception exception,
					Consumer<Object, Object> consumer) {
				lines(function, records, End.FAILED).forEach(Trail.this::write);
			}
		};
	}

	private List<Line> lines(String function, ConsumerRecords<Object, Object> records, End end) {
		List<Line> lines = new ArrayList<>();
		for (TopicPartition partition : records.partitions()) {
			List<ConsumerRecord<Object, Object>> batch = records.records(partition);
			long from = batch.getFirst().offset();
			long to = batch.getLast().offset();
			Long expected = this.next.put(new Input(function, partition), to + 1);
			long began = (expected != null) ? Math.min(expected, from) : from;
			lines.add(new Line(this.clock.instant(), this.instance, function, partition.toString(), began, from, to,
					batch.size(), end));
		}
		return lines;
	}

	private synchronized void write(Line line) {
		if (this.file != null) {
			try {
				Files.writeString(this.file, MAPPER.writeValueAsString(line) + "\n", StandardOpenOption.CREATE,
						StandardOpenOption.APPEND);
			}
			catch (IOException ex) {
				// the function goes on, and the report will show a gap
				log.warn("sitestream.kafka.trail: a line could not be written to {}.", this.file, ex);
			}
		}
	}

	/** How a batch ended. */
	enum End {

		/** All effects are there; there is no transaction. */
		DONE,

		/** It comes again. */
		FAILED,

		/** The broker has committed the transaction: what was emitted is visible. */
		COMMITTED,

		/** What was emitted is never visible. */
		ABORTED,

		/** The broker did not say whether it has committed. */
		UNKNOWN

	}

	private record Input(String function, TopicPartition partition) {

	}

	/**
	 * One partition's part of a batch.
	 *
	 * @param at when it ended
	 * @param instance the process
	 * @param function the function
	 * @param partition topic and partition
	 * @param began from here on the consumer has read without a break; what lies between
	 * here and the first record is nothing that a reader of committed records sees
	 * @param from offset of the first record
	 * @param to offset of the last record
	 * @param records how many
	 * @param end how it ended
	 */
	private record Line(Instant at, String instance, String function, String partition, long began, long from, long to,
			int records, End end) {

		Line at(Instant time) {
			return new Line(time, this.instance, this.function, this.partition, this.began, this.from, this.to,
					this.records, this.end);
		}

		Line end(End how) {
			return new Line(this.at, this.instance, this.function, this.partition, this.began, this.from, this.to,
					this.records, how);
		}

	}

}
