package io.sitestream.site.cdc;

import java.util.List;

import io.sitestream.platform.Topic;

/**
 * Becomes visible with the records of a batch: the rows of {@code site.changes} that
 * Kafka has, and that may still be in the table if the process died in between.
 *
 * @param changes their ids
 */
record StreamedChanges(List<Long> changes) {

	/** Keyed by replication slot. */
	static final Topic<StreamedChanges> TOPIC = Topic.compacted("site-changes-streamed", StreamedChanges.class, 1);

	static StreamedChanges of(List<Change> changes) {
		return new StreamedChanges(changes.stream().map(Change::changeId).toList());
	}

}
