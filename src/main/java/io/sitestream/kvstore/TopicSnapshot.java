package io.sitestream.kvstore;

import java.util.Map;
import java.util.NavigableMap;

/**
 * What a compacted topic said when it was read, once.
 *
 * @param values the newest readable value of each key, unmodifiable
 * @param positions for each partition the offset up to which it was read
 * @param <V> the type of the values
 */
public record TopicSnapshot<V>(NavigableMap<String, V> values, Map<Integer, Long> positions) {

}
