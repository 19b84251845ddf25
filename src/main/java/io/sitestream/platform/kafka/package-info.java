/**
 * The edge's meeting with Kafka: functions, redelivery, dead letters, sends,
 * transactions, topics.
 */
@NullMarked
package io.sitestream.platform.kafka;

import org.jspecify.annotations.NullMarked;
