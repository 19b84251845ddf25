package io.sitestream.platform;

/**
 * Where a record lies in Kafka.
 *
 * @param topic the topic's full name, prefix included
 * @param partition the partition, from 0
 * @param offset the offset, from 0
 */
public record Position(String topic, int partition, long offset) {

	@Override
	public String toString() {
		return this.topic + "-" + this.partition + "@" + this.offset;
	}

}
