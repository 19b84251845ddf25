package io.sitestream.platform.serverless.lambda;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.sitestream.platform.RawRecord;
import org.jspecify.annotations.Nullable;

/**
 * What an event source mapping for Amazon MSK or for a self-managed Kafka hands over: up
 * to 6 MiB of records from one or several partitions.
 *
 * @param eventSource {@code aws:kafka} or {@code SelfManagedKafka}
 * @param records the records by {@code <topic>-<partition>}
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-kafka.html">The example
 * events in AWS's documentation</a>
 */
record KafkaEvent(@Nullable String eventSource, @Nullable Map<String, List<KafkaEventRecord>> records) {

	private static final Set<String> SOURCES = Set.of("aws:kafka", "SelfManagedKafka");

	/**
	 * Decodes the records.
	 * @return the records of each partition by the name that the event gives it, in the
	 * order of their offsets
	 * @throws IllegalArgumentException if this is the event of another source or is not
	 * whole
	 */
	Map<String, List<RawRecord>> partitions() {
		if (this.eventSource == null || !SOURCES.contains(this.eventSource) || this.records == null) {
			throw new IllegalArgumentException(
					"The event is none of a Kafka event source: its eventSource is '%s', expected is 'aws:kafka' or 'SelfManagedKafka', and records."
						.formatted(this.eventSource));
		}
		Map<String, List<RawRecord>> partitions = new LinkedHashMap<>();
		this.records.forEach((partition, records) -> {
			if (!records.isEmpty()) {
				partitions.put(partition,
						records.stream()
							.map(KafkaEventRecord::raw)
							.sorted(Comparator.comparingLong((record) -> record.position().offset()))
							.toList());
			}
		});
		return partitions;
	}

}
