package io.sitestream.platform;

import java.time.Duration;
import java.util.List;

/**
 * Reads a topic from its start, or from where its group has come to, beside the function
 * that processes it. Its group shares the partitions among all instances that read with
 * it, and another one goes on where a killed one has committed. For one thread.
 *
 * @param <T> the type of the values
 */
public interface TopicScan<T> extends AutoCloseable {

	/**
	 * The next records. One that cannot be read is left out and counted: the function
	 * that processes the topic has kept it as a dead letter.
	 * @param timeout how long to wait for some
	 * @return records, those of one partition in order
	 */
	List<Consumed<T>> poll(Duration timeout);

	/**
	 * Says that everything polled is done, transaction markers and compacted records on
	 * the way included. Where partitions went to another reader meanwhile, that one reads
	 * it again.
	 */
	void commit();

	/**
	 * How many records could not be read.
	 * @return the number since the scan was opened
	 */
	long unreadable();

	@Override
	void close();

}
