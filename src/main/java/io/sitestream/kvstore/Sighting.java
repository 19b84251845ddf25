package io.sitestream.kvstore;

import java.time.Instant;
import java.util.Map;

import io.sitestream.platform.TopicIdentity;

/**
 * A look at a store's topic from outside of its consumer.
 *
 * @param topic which topic it is
 * @param ends for each partition where it ended, open transactions included
 * @param at when that was asked
 */
record Sighting(TopicIdentity topic, Map<Integer, Long> ends, Instant at) {

}
