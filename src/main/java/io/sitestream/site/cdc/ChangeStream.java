package io.sitestream.site.cdc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.sitestream.platform.ExclusiveEmitter;
import io.sitestream.platform.ExclusiveEmitters;
import io.sitestream.platform.RefusedStartException;
import io.sitestream.site.cdc.StreamState.Phase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;

/**
 * Streams changes to the topic in one process of all, and takes over when that one is
 * gone. Each version becomes visible once, in order: whoever takes over fences the one
 * before, deletes what that one has sent, sends what waits in the table, and then follows
 * the log, of which only what is still in the table is sent.
 */
final class ChangeStream implements SmartLifecycle {

	private static final Logger log = LoggerFactory.getLogger(ChangeStream.class);

	private static final Duration LOOK = Duration.ofSeconds(1);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

	private final DatabaseAddress database;

	private final ReplicationSlot slot;

	private final ChangeTable table;

	private final ExclusiveEmitters emitters;

	private final StreamState state;

	private final Clock clock;

	private CountDownLatch stopped = new CountDownLatch(1);

	private Thread thread = new Thread();

	private Duration pause = LOOK;

	ChangeStream(DatabaseAddress database, ReplicationSlot slot, ChangeTable table, ExclusiveEmitters emitters,
			StreamState state, Clock clock) {
		this.database = database;
		this.slot = slot;
		this.table = table;
		this.emitters = emitters;
		this.state = state;
		this.clock = clock;
	}

	@Override
	public void start() {
		this.database.forDebezium();
		try (Connection connection = this.database.connect()) {
			this.slot.check(connection);
		}
		catch (SQLException ex) {
			log.warn("PostgreSQL cannot say whether changes can be streamed, and is asked again: {}", ex.getMessage());
		}
		this.stopped = new CountDownLatch(1);
		this.thread = Thread.ofPlatform().name("site-changes").daemon().start(this::run);
	}

	@Override
	public void stop() {
		this.stopped.countDown();
		try {
			this.thread.join(Duration.ofSeconds(20));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public boolean isRunning() {
		return this.thread.isAlive();
	}

	private void run() {
		while (!isStopped()) {
			try (StreamLease lease = StreamLease.contend(this.database, this.slot.name())) {
				while (!lease.acquire()) {
					this.state.reached(Phase.STANDBY);
					measure(lease);
					if (isStoppedAfter(LOOK)) {
						return;
					}
				}
				stream(lease);
			}
			catch (RefusedStartException ex) {
				retry(Phase.REFUSED, ex);
			}
			catch (ExecutionException ex) {
				retry(Phase.RETRYING, (ex.getCause() != null) ? ex.getCause() : ex);
			}
			catch (SQLException | RuntimeException ex) {
				retry(Phase.RETRYING, ex);
			}
		}
	}

	private void retry(Phase phase, Throwable failure) {
		if (!isStopped()) {
			this.state.failed(phase, failure);
			isStoppedAfter(this.pause);
			this.pause = min(this.pause.multipliedBy(2), LONGEST_PAUSE);
		}
	}

	private void stream(StreamLease lease) throws SQLException, ExecutionException {
		this.slot.prepare(lease.connection());
		try (ExclusiveEmitter<StreamedChanges> emitter = this.emitters.takeOver(this.slot.name(),
				StreamedChanges.TOPIC)) {
			emitter.mark().ifPresent(this.table::forget);
			int waited = 0;
			int moved;
			do {
				look(lease);
				moved = this.table.moveOldest(emitter);
				waited += moved;
			}
			while (moved > 0 && !isStopped());
			try (DebeziumFeed feed = DebeziumFeed.start(this.database, this.slot,
					(changes) -> follow(changes, emitter, lease))) {
				this.state.reached(Phase.ACTIVE);
				this.pause = LOOK;
				log.info("site changes: sent {} that waited, following replication slot {}", waited, this.slot.name());
				watch(lease, feed);
			}
		}
	}

	/**
	 * A change that the slot tells may follow one that it has passed over. So each batch
	 * is sent only if the publication has never been another one.
	 */
	private void follow(List<Change> changes, ExclusiveEmitter<StreamedChanges> emitter, StreamLease lease) {
		if (changes.isEmpty()) {
			return;
		}
		try {
			this.slot.requireUnchanged(lease.connection());
		}
		catch (SQLException ex) {
			throw new IllegalStateException("PostgreSQL cannot say whether it publishes all changes", ex);
		}
		if (this.table.move(changes, emitter) > 0) {
			this.state.streamed(changes, this.clock.instant());
		}
	}

	private void watch(StreamLease lease, DebeziumFeed feed) throws SQLException, ExecutionException {
		while (!isStopped()) {
			try {
				feed.ended().get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (TimeoutException ex) {
				look(lease);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return;
			}
		}
	}

	private void look(StreamLease lease) throws SQLException {
		this.slot.requireUnchanged(lease.connection());
		measure(lease);
	}

	/** Also the lease's sign of life. */
	private void measure(StreamLease lease) throws SQLException {
		this.slot.status(lease.connection()).ifPresent((status) -> this.state.lags(status.lag()));
	}

	private boolean isStopped() {
		return this.stopped.getCount() == 0;
	}

	private boolean isStoppedAfter(Duration time) {
		try {
			return this.stopped.await(time.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return true;
		}
	}

	private static Duration min(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

}
