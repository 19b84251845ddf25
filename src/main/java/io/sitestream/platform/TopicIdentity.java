package io.sitestream.platform;

import java.time.Duration;

/**
 * What tells a topic from others that have, or had, its name.
 *
 * @param id given by Kafka when the topic was created
 * @param deleteRetention how long compaction keeps a tombstone: whoever follows the topic
 * and was away for longer may never learn of a removal
 */
public record TopicIdentity(String id, Duration deleteRetention) {

}
