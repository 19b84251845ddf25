package io.sitestream.kvstore;

import java.time.Instant;
import java.util.Map;

import io.sitestream.platform.Position;
import io.sitestream.platform.RawRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record in a checkpoint, its bytes as they came.
 *
 * @param partition its partition
 * @param offset its offset
 * @param key the key's bytes
 * @param value the value's bytes
 */
@SuppressWarnings("ArrayRecordComponent")
record StoredRecord(int partition, long offset, byte @Nullable [] key, byte @Nullable [] value) {

	RawRecord raw(String topic) {
		return new RawRecord(new Position(topic, this.partition, this.offset), Instant.EPOCH, this.key, this.value,
				Map.of(), -1);
	}

}
