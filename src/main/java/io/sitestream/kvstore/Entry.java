package io.sitestream.kvstore;

import io.sitestream.platform.Position;
import org.jspecify.annotations.Nullable;

/**
 * What a store holds for a key: the value, parsed once, and where its record lies.
 *
 * @param value the value
 * @param partition the record's partition
 * @param offset the record's offset
 * @param bytes the value as it came, where checkpoints need it
 * @param <V> the type of the value
 */
@SuppressWarnings("ArrayRecordComponent")
record Entry<V>(V value, int partition, long offset, byte @Nullable [] bytes) {

	Position position(String topic) {
		return new Position(topic, this.partition, this.offset);
	}

}
