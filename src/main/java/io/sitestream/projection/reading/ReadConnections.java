package io.sitestream.projection.reading;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;

import io.lettuce.core.ReadFrom;
import io.lettuce.core.StatefulRedisConnectionImpl;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.ProtocolVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;

/**
 * Keeps one connection open to the server that is to be read from, and opens another one
 * when it is lost. Opening is tried at most ten times a second; meanwhile reads fail at
 * once. Safe for use by several threads.
 */
final class ReadConnections implements AutoCloseable {

	private static final Logger log = LoggerFactory.getLogger(ReadConnections.class);

	private static final long PAUSE_NANOS = Duration.ofMillis(100).toNanos();

	private final ReentrantLock opening = new ReentrantLock();

	private final ReadNodes nodes;

	private final Optional<ReadFrom> readFrom;

	private final long maxBytes;

	private final ReadMetrics metrics;

	private volatile @Nullable ReadConnection current;

	private @Nullable DataAccessException failure;

	private long failed;

	private boolean told;

	/**
	 * Opens nothing yet.
	 * @param nodes the servers
	 * @param readFrom which one to take, if there are several
	 * @param maxBytes how much of its answers to remember, 0 for nothing
	 * @param metrics what counts
	 */
	ReadConnections(ReadNodes nodes, Optional<ReadFrom> readFrom, long maxBytes, ReadMetrics metrics) {
		this.nodes = nodes;
		this.readFrom = readFrom;
		this.maxBytes = maxBytes;
		this.metrics = metrics;
	}

	/**
	 * Answers from memory where nothing has changed.
	 * @return a source
	 */
	ReadSource near() {
		return source(ReadConnection::askUnlessKnown);
	}

	/**
	 * Answers from the server alone.
	 * @return a source
	 */
	ReadSource direct() {
		return source(ReadConnection::ask);
	}

	long bytes() {
		ReadConnection connection = this.current;
		return (connection != null) ? connection.bytes() : 0;
	}

	@Override
	public void close() {
		ReadConnection connection = this.current;
		if (connection != null) {
			connection.close();
		}
	}

	private ReadSource source(BiFunction<ReadConnection, List<Question>, List<List<byte[]>>> way) {
		return new ReadSource() {

			@Override
			public List<List<byte[]>> ask(List<Question> questions) {
				ReadConnection connection = usable();
				try {
					return way.apply(connection, questions);
				}
				catch (DataAccessResourceFailureException ex) {
					if (connection.isUsable()) {
						throw ex;
					}
					return way.apply(usable(), questions);
				}
			}

			@Override
			public boolean isOrdered() {
				return true;
			}

		};
	}

	private ReadConnection usable() {
		ReadConnection connection = this.current;
		if (connection != null && connection.isUsable()) {
			return connection;
		}
		this.opening.lock();
		try {
			connection = this.current;
			return (connection != null && connection.isUsable()) ? connection : replace(connection);
		}
		finally {
			this.opening.unlock();
		}
	}

	private ReadConnection replace(@Nullable ReadConnection lost) {
		if (this.failure != null && System.nanoTime() - this.failed < PAUSE_NANOS) {
			throw new DataAccessResourceFailureException("Redis failed a moment ago", this.failure);
		}
		if (lost != null) {
			lost.close();
			this.current = null;
			this.metrics.dropped();
		}
		try {
			ReadConnection opened = open();
			this.current = opened;
			this.failure = null;
			return opened;
		}
		catch (DataAccessException ex) {
			this.failure = ex;
			this.failed = System.nanoTime();
			throw ex;
		}
	}

	private ReadConnection open() {
		StatefulRedisConnection<byte[], byte[]> connection = this.nodes.open(this.readFrom);
		ReadConnection opened = new ReadConnection(connection, this.metrics);
		try {
			if (this.maxBytes > 0) {
				track(connection, opened);
			}
			return opened;
		}
		catch (DataAccessException ex) {
			opened.close();
			throw ex;
		}
	}

	private void track(StatefulRedisConnection<byte[], byte[]> connection, ReadConnection opened) {
		if (!speaksResp3(connection)) {
			tell("it does not speak RESP3, as Redis does from 6 on");
			return;
		}
		try {
			opened.track(new NearCache(this.maxBytes));
		}
		catch (DataAccessResourceFailureException ex) {
			if (!opened.isUsable()) {
				throw ex;
			}
			tell(String.valueOf(ex.getMessage()));
		}
	}

	private void tell(String why) {
		if (!this.told) {
			this.told = true;
			log.warn("The near cache is off, Redis does not tell what changes: {}", why);
		}
	}

	private static boolean speaksResp3(StatefulRedisConnection<byte[], byte[]> connection) {
		return connection instanceof StatefulRedisConnectionImpl<?, ?> negotiated
				&& negotiated.getConnectionState().getNegotiatedProtocolVersion() == ProtocolVersion.RESP3;
	}

}
