package io.sitestream.platform;

import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

import org.springframework.messaging.Message;

/**
 * Where functions meet Kafka, once for all of them. A function bean is one line:
 *
 * <pre>
 * &#64;Bean
 * Consumer&lt;Message&lt;List&lt;RawRecord&gt;&gt;&gt; projectInstalledApps(Edge edge, InstalledAppsProjection projection) {
 *     return edge.from(SITE_METADATA).batch(projection::on);
 * }
 * </pre>
 *
 * What holds for every batch function:
 * <ul>
 * <li>Records are delivered at least once, those of one partition in order, a poll at a
 * time.</li>
 * <li>A record that cannot be read, or that the logic names in an
 * {@link UnprocessableRecordException}, goes alone to {@code <topic>.<group>.dlq}; the
 * logic is called again without it. A fault of the program (an illegal state, a null) is
 * searched for record by record. Everything else, such as a server that is away, is
 * retried without end, with a back-off of up to 10 s, while the consumer keeps its
 * partitions.</li>
 * <li>What the logic returns is sent after it has returned, and input offsets count as
 * done only when all of it is acknowledged. When one of the topics in {@code to} is
 * compacted, records and offsets are one Kafka transaction.</li>
 * </ul>
 */
public interface Edge {

	/**
	 * Begins a function with the topics it consumes. Their values are read as the topics'
	 * types, unknown properties ignored.
	 * @param topics one or more topics
	 * @param <T> what the values have in common
	 * @return the next step
	 */
	@SuppressWarnings("unchecked")
	<T> From<T> from(Topic<? extends T>... topics);

	/**
	 * A function that is still being declared.
	 *
	 * @param <T> what the values have in common
	 */
	interface From<T> {

		/**
		 * The topics that the function may emit to.
		 * @param topics the topics
		 * @return this
		 */
		From<T> to(Topic<?>... topics);

		/**
		 * Takes records at most once in an interval, so that what is said once per poll
		 * is not said more often. The first records after a silence are taken at once.
		 * Others wait for up to two intervals, since a fetch is sent ahead and answered
		 * at its first record; where that is too long, the binding lets the broker
		 * collect for a part of the interval ({@code fetch.min.bytes},
		 * {@code fetch.max.wait.ms}).
		 * @param interval the least time between two polls
		 * @return this
		 */
		From<T> atMostEvery(Duration interval);

		/**
		 * Calls the logic once after each assignment with no records, too, when a
		 * partition has been idle for a second: for what follows from more than the
		 * records. What it returns is sent as ever; a call that fails is repeated.
		 * @return this
		 */
		From<T> alsoWithoutRecords();

		/**
		 * Answers for records that cannot be processed: what is returned is sent together
		 * with the dead letter. So whoever counts answers never waits for one that will
		 * not come.
		 * @param answer takes a record as it came and why it cannot be processed; called
		 * again with the same record when it is delivered again
		 * @return this
		 */
		From<T> answeringDeadLetters(BiFunction<RawRecord, Throwable, List<Emission>> answer);

		/**
		 * Hears about the function's partitions.
		 * @param listener the listener
		 * @return this
		 */
		From<T> partitions(PartitionListener listener);

		/**
		 * Repeats records when the store that the function writes may have lost what came
		 * of them.
		 * @param rewind says from where
		 * @return this
		 */
		From<T> rewinding(Rewind rewind);

		/**
		 * A function that emits nothing.
		 * @param logic takes the records of a poll, at least one
		 * @return the function
		 */
		Consumer<Message<List<RawRecord>>> batch(Consumer<List<Consumed<T>>> logic);

		/**
		 * A function that emits what its logic returns, in that order.
		 * @param logic takes the records of a poll, at least one
		 * @return the function
		 */
		Consumer<Message<List<RawRecord>>> emitting(Function<List<Consumed<T>>, List<Emission>> logic);

		/**
		 * A function without a group that reads its topic from the beginning in every
		 * instance.
		 * @param replay reads the records and keeps the position
		 * @return the function
		 */
		Consumer<Message<List<RawRecord>>> replay(Replay replay);

	}

}
