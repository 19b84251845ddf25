package io.sitestream.kvstore;

/**
 * How far a partition was read.
 *
 * @param offset the offset that will be read next
 * @param leaderEpoch the epoch of the last record that was read, or -1 if there was none:
 * together with the offset it tells whether the log was truncated since
 */
record Bookmark(long offset, int leaderEpoch) {

}
