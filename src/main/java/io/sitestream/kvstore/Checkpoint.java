package io.sitestream.kvstore;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.sitestream.platform.PartitionLog;

/**
 * What a store knew at a moment, with all that is needed to go on from there.
 *
 * @param topic the topic's full name
 * @param topicId the topic's id
 * @param codec how values are read
 * @param current everything that was in the topic at this time is part of the state
 * @param bookmarks for each partition how far it was read
 * @param records the newest record of each key, and behind them those that could not be
 * read
 */
record Checkpoint(String topic, String topicId, String codec, Instant current, Map<Integer, Bookmark> bookmarks,
		List<StoredRecord> records) {

	/**
	 * Why a store must not go on from here. Whether the log was truncated in between, and
	 * whether this is too old, shows only later, when the rest has been read.
	 * @param log the topic's partitions
	 * @param topicId the id that the topic has now
	 * @param codec how the store reads values
	 * @return the reason, if there is one
	 */
	Optional<String> refusal(PartitionLog log, String topicId, String codec) {
		if (!this.topic.equals(log.topic())) {
			return Optional.of("It is of topic '%s', not of '%s'.".formatted(this.topic, log.topic()));
		}
		if (!this.topicId.equals(topicId)) {
			return Optional.of("It is of topic id %s, but '%s' was made anew and has id %s.".formatted(this.topicId,
					this.topic, topicId));
		}
		if (!this.codec.equals(codec)) {
			return Optional.of("It holds values of %s, the store has %s.".formatted(this.codec, codec));
		}
		if (!this.bookmarks.keySet().equals(log.partitions())) {
			return Optional.of("It knows partitions %s, but those of '%s' are %s.".formatted(this.bookmarks.keySet(),
					this.topic, log.partitions()));
		}
		return Bookmarks.outside(this.bookmarks, log);
	}

}
