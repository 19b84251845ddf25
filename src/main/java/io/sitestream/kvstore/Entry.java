package io.sitestream.kvstore;

import io.sitestream.platform.Position;

/**
 * What a store holds for a key: the value, parsed once, and where its record lies.
 *
 * @param value the value
 * @param partition the record's partition
 * @param offset the record's offset
 * @param <V> the type of the value
 */
record Entry<V>(V value, int partition, long offset) {

	Position position(String topic) {
		return new Position(topic, this.partition, this.offset);
	}

}
