package io.sitestream.projection;

import java.util.Set;

import io.sitestream.platform.Consumed;
import org.jspecify.annotations.Nullable;

/**
 * A record as one format of a projection sees it.
 *
 * @param key the key
 * @param version the version; -1 for a tombstone without one, which removes whatever came
 * before it
 * @param offset its offset
 * @param view the view, or {@code null} for a tombstone
 * @param indexKeys the view's index keys
 */
@SuppressWarnings("ArrayRecordComponent")
record Projected(String key, long version, long offset, byte @Nullable [] view, Set<String> indexKeys) {

	static <T> Projected of(Consumed<T> record, Projection<T> projection) {
		T value = record.value();
		long offset = record.position().offset();
		if (value == null) {
			Long version = projection.tombstoneVersion(record.headers());
			return new Projected(record.key(), (version != null) ? Math.max(version, 0) : -1, offset, null, Set.of());
		}
		byte[] view = projection.view(value);
		return new Projected(record.key(), projection.version(value), offset, view, projection.indexKeys(view));
	}

	boolean isUnversioned() {
		return this.view == null && this.version < 0;
	}

}
