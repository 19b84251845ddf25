package io.sitestream.platform;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Sends records for callers outside of functions, such as HTTP requests. A record counts
 * as sent when all in-sync replicas have it. Safe for use by several threads; records of
 * one thread to one partition keep their order. Compacted topics are written by
 * functions, but for reference data, whose writer is the HTTP request.
 */
public interface Emitter {

	/**
	 * Sends one record, without waiting for the acknowledgement. Blocks for at most 3 s
	 * while the producer's buffer is full, which is the back-pressure for streams.
	 * @param emission what to send
	 * @return completes with the record's position, or with a
	 * {@link BrokerUnavailableException}
	 */
	CompletableFuture<Position> send(Emission emission);

	/**
	 * Sends records and waits for all of them.
	 * @param emissions what to send
	 * @return their positions, in the same order
	 * @throws BrokerUnavailableException if that took more than 5 s or the broker refused
	 * one
	 */
	List<Position> emit(List<Emission> emissions);

	/**
	 * Sends one record and waits for it.
	 * @param emission what to send
	 * @return its position
	 * @throws BrokerUnavailableException if that took more than 5 s or the broker refused
	 * it
	 */
	default Position emit(Emission emission) {
		return emit(List.of(emission)).getFirst();
	}

}
