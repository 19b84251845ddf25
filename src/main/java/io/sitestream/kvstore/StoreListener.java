package io.sitestream.kvstore;

import io.sitestream.platform.Position;
import org.jspecify.annotations.Nullable;

/**
 * Hears the changes of a {@link KeyValueStore}.
 *
 * @param <V> the type of the values
 */
@FunctionalInterface
public interface StoreListener<V> {

	/**
	 * A key has another value now.
	 * @param key the key
	 * @param before the value before, or {@code null} if there was none
	 * @param after the value now, or {@code null} if the key was removed
	 * @param position where the record lies
	 * @param replay whether this belongs to the first reading of the topic
	 */
	void changed(String key, @Nullable V before, @Nullable V after, Position position, boolean replay);

}
