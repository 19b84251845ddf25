package io.sitestream.site;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Commands that were stored on the path {@code consumer} by a process that died before it
 * sent them, and that come again when the path is {@code cdc}.
 */
final class Unsent {

	private final Map<String, String> origins = new LinkedHashMap<>();

	private final Map<String, Long> versions = new LinkedHashMap<>();

	void add(SiteCommandOutcome outcome, String origin) {
		this.origins.put(outcome.commandId(), origin);
		if (outcome.problem() == null) {
			this.versions.merge(outcome.siteId(), outcome.after().version(), Math::max);
		}
	}

	/**
	 * The outcomes' new origins, so that they are told once.
	 * @return origins by command id
	 */
	Map<String, String> origins() {
		return this.origins;
	}

	/**
	 * Sites that a request has changed since: an older version of them is told only now,
	 * so the newest must be told once more, or compaction would keep the older.
	 * @param before the sites as they were before this batch
	 * @param batch the sites that this batch changes, which are told anyway
	 * @return the newest states
	 */
	List<Site> overtaken(Map<String, Site> before, CommandBatch batch) {
		return this.versions.entrySet()
			.stream()
			.map((told) -> before.get(told.getKey()))
			.filter(Objects::nonNull)
			.filter((site) -> site.version() > this.versions.getOrDefault(site.siteId(), 0L))
			.filter((site) -> batch.changed().stream().noneMatch((changed) -> changed.siteId().equals(site.siteId())))
			.toList();
	}

}
