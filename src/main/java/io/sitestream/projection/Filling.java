package io.sitestream.projection;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import io.sitestream.platform.Consumed;
import io.sitestream.platform.TopicScan;
import io.sitestream.platform.TopicScans;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a generation from the topic's start, together with all other instances: they are
 * one group, so whoever is left goes on where a killed one has committed. What it writes
 * late is no harm, since live writers have written newer versions by then.
 *
 * @param <T> the type of the records
 */
final class Filling<T> implements AutoCloseable {

	private static final Logger log = LoggerFactory.getLogger(Filling.class);

	private static final Duration POLL = Duration.ofMillis(500);

	private static final Duration REST = Duration.ofSeconds(1);

	private final Projection<T> projection;

	private final Generation generation;

	private final String group;

	private final TopicScans scans;

	private final Generations generations;

	private final GenerationWriter writer;

	private final Thread thread;

	private volatile boolean stopped;

	/**
	 * Creates a filling.
	 * @param projection the projection in the generation's format
	 * @param generation what is filled
	 * @param group the full name of the group
	 * @param scans reads the topic
	 * @param generations the catalogues
	 * @param redis the access to Redis
	 * @param clock the time
	 */
	Filling(Projection<T> projection, Generation generation, String group, TopicScans scans, Generations generations,
			RedisAccess redis, Clock clock) {
		this.projection = projection;
		this.generation = generation;
		this.group = group;
		this.scans = scans;
		this.generations = generations;
		this.writer = generations.writer(projection, generation, redis, clock);
		this.thread = new Thread(this::run, group);
		this.thread.setDaemon(true);
	}

	Filling<T> start() {
		this.thread.start();
		return this;
	}

	private void run() {
		String failure = "";
		while (!this.stopped) {
			try {
				fill();
			}
			catch (RuntimeException ex) {
				if (!failure.equals(ex.toString())) {
					log.warn("{} goes on in a moment: {}", this.group, ex.toString());
					failure = ex.toString();
				}
				LockSupport.parkNanos(REST.toNanos());
			}
		}
	}

	private void fill() {
		long faults = 0;
		long records = 0;
		try (TopicScan<T> scan = this.scans.open(this.projection.topic(), this.group)) {
			while (!this.stopped) {
				List<Consumed<T>> polled = scan.poll(POLL);
				if (!polled.isEmpty()) {
					List<Projected> projected = project(polled);
					this.generations.count(this.projection.name(), this.generation, this.writer.write(projected));
					records += polled.size();
					faults += polled.size() - projected.size();
				}
				scan.commit();
			}
			log.info("{} stops after {} records, {} of which could not be projected and {} more not be read.",
					this.group, records, faults, scan.unreadable());
		}
	}

	/** What cannot be projected is a dead letter of the live function's. */
	private List<Projected> project(List<Consumed<T>> records) {
		List<Projected> projected = new ArrayList<>(records.size());
		for (Consumed<T> record : records) {
			try {
				projected.add(Projected.of(record, this.projection));
			}
			catch (RuntimeException | StackOverflowError | LinkageError ex) {
				log.debug("{} leaves out {}", this.group, record.position(), ex);
			}
		}
		return projected;
	}

	@Override
	public void close() {
		this.stopped = true;
		LockSupport.unpark(this.thread);
	}

}
