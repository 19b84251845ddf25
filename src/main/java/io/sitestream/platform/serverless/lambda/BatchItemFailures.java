package io.sitestream.platform.serverless.lambda;

import java.util.List;

/**
 * The answer to an event. The mapping commits what is not named here, and hands the named
 * partitions over again from the named offsets on. It does so only if
 * {@code ReportBatchItemFailures} stands among its {@code FunctionResponseTypes}, else it
 * takes any answer for a success. A failure that names a partition or an offset that was
 * not in the event lets all of it come again.
 *
 * @param batchItemFailures what has to come again, nothing if all was processed
 * @see <a href=
 * "https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html">AWS
 * Lambda: error handling controls for Kafka event sources</a>
 */
record BatchItemFailures(List<Failure> batchItemFailures) {

	static Failure from(String partition, long offset) {
		return new Failure(new Item(partition, offset));
	}

	/**
	 * A failure.
	 *
	 * @param itemIdentifier from where on records have to come again
	 */
	record Failure(Item itemIdentifier) {

	}

	/**
	 * A place in a partition.
	 *
	 * @param partition the partition as the event names it, {@code <topic>-<partition>}
	 * @param offset the first offset that was not processed
	 */
	record Item(String partition, long offset) {

	}

}
