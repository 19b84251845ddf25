package io.sitestream.kvstore;

import org.jspecify.annotations.Nullable;

/**
 * A record that a store could not read. The last good value of its key stays.
 *
 * @param partition its partition
 * @param offset its offset
 * @param key the key as text, with U+FFFD where it is no UTF-8, or {@code null} when it
 * has none
 * @param cause why it cannot be read
 */
record QuarantinedRecord(int partition, long offset, @Nullable String key, String cause) {

}
