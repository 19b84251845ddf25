package io.sitestream.site;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Sites that were changed after the commands that an operator replays, all of which were
 * carried out before. The states of then are not told any more: the topic has them, or a
 * newer one that contains them, and an old state behind a newer one would be the last
 * word.
 */
final class Overtaken {

	private final Set<String> siteIds = new HashSet<>();

	/**
	 * Finds the sites.
	 * @param replayed what came of the replayed commands that were carried out before
	 * @param before the sites as they were before this batch
	 */
	Overtaken(Collection<SiteCommandOutcome> replayed, Map<String, Site> before) {
		Map<String, Long> versions = new HashMap<>();
		replayed.stream()
			.filter((outcome) -> outcome.problem() == null)
			.forEach((outcome) -> versions.merge(outcome.siteId(), outcome.after().version(), Math::max));
		versions.forEach((id, version) -> {
			Site known = before.get(id);
			if (known != null && known.version() > version) {
				this.siteIds.add(id);
			}
		});
	}

	boolean includes(String siteId) {
		return this.siteIds.contains(siteId);
	}

}
