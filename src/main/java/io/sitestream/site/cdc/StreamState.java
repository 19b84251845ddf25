package io.sitestream.site.cdc;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the stream is in this process, for those who ask from other threads. A change of
 * state is logged once.
 */
final class StreamState {

	private static final Logger log = LoggerFactory.getLogger(StreamState.class);

	private final Timer latency;

	private volatile Phase phase = Phase.STARTING;

	private volatile @Nullable String cause;

	private volatile long slotLag;

	StreamState(MeterRegistry meters) {
		Gauge.builder("sitestream.site.cdc.slot_lag", () -> this.slotLag)
			.baseUnit("bytes")
			.description("PostgreSQL's log that the replication slot has not confirmed")
			.register(meters);
		Gauge.builder("sitestream.site.cdc.active", () -> (this.phase == Phase.ACTIVE) ? 1 : 0)
			.description("1 in the process that streams, 0 in those that stand by")
			.register(meters);
		this.latency = Timer.builder("sitestream.site.cdc.latency")
			.description("From the change in the database, by its clock, until Kafka has it")
			.publishPercentiles(0.5, 0.99)
			.register(meters);
	}

	void reached(Phase reached) {
		if (this.phase != reached) {
			log.info("site changes: {}", reached.words);
		}
		this.cause = null;
		this.phase = reached;
	}

	void failed(Phase reached, Throwable failure) {
		String said = failure.toString();
		if (this.phase != reached || !said.equals(this.cause)) {
			log.warn("site changes: {}: {}", reached.words, said);
			log.debug("The cause", failure);
		}
		this.cause = said;
		this.phase = reached;
	}

	void lags(long bytes) {
		this.slotLag = bytes;
	}

	void streamed(List<Change> changes, Instant now) {
		changes.forEach((change) -> this.latency.record(Duration.between(change.changedAt(), now)));
	}

	Phase phase() {
		return this.phase;
	}

	@Nullable String cause() {
		return this.cause;
	}

	long slotLag() {
		return this.slotLag;
	}

	/** What the stream is doing. */
	enum Phase {

		STARTING("starting"), STANDBY("standing by, another process streams"), ACTIVE("streaming"),
		RETRYING("failed and will be retried"), REFUSED("refused by PostgreSQL's configuration");

		private final String words;

		Phase(String words) {
			this.words = words;
		}

	}

}
