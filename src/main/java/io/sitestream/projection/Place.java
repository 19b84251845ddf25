package io.sitestream.projection;

import org.jspecify.annotations.Nullable;

/**
 * Where two generations may differ.
 *
 * @param key a view's key
 * @param indexKey the index key whose entry for that key is meant, or {@code null} when
 * the view itself is
 */
record Place(String key, @Nullable String indexKey) {

}
