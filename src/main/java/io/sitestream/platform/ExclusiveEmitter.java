package io.sitestream.platform;

import java.util.List;
import java.util.Optional;

/**
 * Emits records that become visible together with a mark, which tells the next who has
 * the name how far this one came. For one thread.
 *
 * @param <T> what a mark is
 */
public interface ExclusiveEmitter<T> extends AutoCloseable {

	/**
	 * The mark of the last emission under this name, whoever made it, when it was taken
	 * over.
	 * @return the mark, or nothing if there never was one
	 */
	Optional<T> mark();

	/**
	 * Makes records visible, all of them and the mark, or none. After an exception it is
	 * unknown which; then this emitter is of no more use, and {@link #mark()} of the next
	 * one tells.
	 * @param emissions what to send, in order
	 * @param mark what to remember
	 * @throws RuntimeException if Kafka does not answer, or another process has taken the
	 * name over
	 */
	void emit(List<Emission> emissions, T mark);

	@Override
	void close();

}
