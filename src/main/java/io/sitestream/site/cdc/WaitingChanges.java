package io.sitestream.site.cdc;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * How many changes wait in {@code site.changes}, and how long the oldest has waited,
 * whoever streams and whatever keeps it from that.
 */
final class WaitingChanges {

	/** More are not counted. */
	private static final int MOST = 100_000;

	private static final Logger log = LoggerFactory.getLogger(WaitingChanges.class);

	private final JdbcClient jdbc;

	private final Duration longest;

	private final Supplier<@Nullable Instant> sent;

	private volatile Found found = new Found(0, 0, null);

	private boolean tooLong;

	/**
	 * Counts what waits.
	 * @param jdbc the database
	 * @param longest how long a change may wait
	 * @param sent tells up to which time, by the database's clock, changes in the table
	 * are sent, or nothing as long as that is not known
	 * @param meters for the metrics
	 */
	WaitingChanges(JdbcClient jdbc, Duration longest, Supplier<@Nullable Instant> sent, MeterRegistry meters) {
		this.jdbc = jdbc;
		this.longest = longest;
		this.sent = sent;
		Gauge.builder("sitestream.site.cdc.waiting", () -> this.found.rows())
			.baseUnit("rows")
			.description("Changes in site.changes that are still to be streamed, up to " + MOST)
			.register(meters);
		Gauge.builder("sitestream.site.cdc.waiting.age", () -> this.found.seconds())
			.baseUnit("seconds")
			.description("How long the oldest of them has waited")
			.register(meters);
	}

	@Scheduled(fixedDelayString = "PT2S")
	void look() {
		Instant since = this.sent.get();
		if (since == null) {
			return;
		}
		try {
			this.found = this.jdbc
				.sql("""
						SELECT count(*) AS rows, coalesce(extract(epoch FROM clock_timestamp() - min(changed_at)), 0) AS age
						FROM (SELECT changed_at FROM site.changes WHERE changed_at >= ? ORDER BY changed_at LIMIT ?) AS oldest
						""")
				.param(Timestamp.from(since))
				.param(MOST)
				.query((row, number) -> new Found(row.getLong("rows"), Math.max(0, row.getDouble("age")), null))
				.single();
		}
		catch (DataAccessException ex) {
			this.found = new Found(this.found.rows(), this.found.seconds(), ex.toString());
		}
		say();
	}

	private void say() {
		if (isTooLong() != this.tooLong) {
			this.tooLong = !this.tooLong;
			if (this.tooLong) {
				log.warn("site changes: {}", words());
			}
			else {
				log.info("site changes: none waits for longer than {} s any more", this.longest.toSeconds());
			}
		}
	}

	private boolean isTooLong() {
		return this.found.seconds() > this.longest.toSeconds();
	}

	private String words() {
		return "%d changes wait in site.changes, the oldest for %d s; expected are at most %d s (sitestream.site.cdc.longest-wait)"
			.formatted(this.found.rows(), Math.round(this.found.seconds()), this.longest.toSeconds());
	}

	/**
	 * Adds what waits, and takes the health down if it waits too long.
	 * @param health the health, with a cause if something worse is known
	 */
	void describe(Health.Builder health) {
		health.withDetail("waiting", this.found.rows())
			.withDetail("oldestWaitsSeconds", Math.round(this.found.seconds()));
		String unknown = this.found.failure();
		if (unknown != null) {
			health.withDetail("waitingUnknown", unknown);
		}
		if (isTooLong()) {
			health.status(Status.DOWN).withDetail("delay", words());
		}
	}

	/**
	 * What was found.
	 *
	 * @param rows how many changes
	 * @param seconds the age of the oldest
	 * @param failure why it was not found, and is what was found before
	 */
	private record Found(long rows, double seconds, @Nullable String failure) {

	}

}
