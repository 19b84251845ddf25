package io.sitestream.site;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The sites of a batch, folded in memory.
 */
final class CommandBatch {

	private final Map<String, Site> before;

	private final Map<String, Site> sites;

	private final Map<String, String> storedInstances;

	private final Map<String, String> instances;

	CommandBatch(Map<String, Site> before, Map<String, String> instances) {
		this.before = before;
		this.sites = new LinkedHashMap<>(before);
		this.instances = new LinkedHashMap<>(instances);
		before.values().forEach((site) -> instanceIds(site).forEach((id) -> this.instances.put(id, site.siteId())));
		this.storedInstances = Map.copyOf(this.instances);
	}

	Site.Decision decide(SiteCommand command, Instant now, Predicate<SiteCommandOutcome> isTooLarge) {
		Site site = this.sites.getOrDefault(command.siteId(), Site.unknown(command.siteId()));
		Site.Decision decision = site.decide(command, this.instances::containsKey, now,
				() -> UUID.randomUUID().toString());
		if (!decision.isRefused() && isTooLarge.test(decision.outcome(command))) {
			decision = site.refuseAsTooLarge(SiteCommands.LARGEST_OUTCOME);
		}
		if (!decision.isRefused()) {
			instanceIds(site).forEach(this.instances::remove);
			instanceIds(decision.after()).forEach((id) -> this.instances.put(id, command.siteId()));
			this.sites.put(command.siteId(), decision.after());
		}
		return decision;
	}

	long version(String siteId) {
		return this.sites.getOrDefault(siteId, Site.unknown(siteId)).version();
	}

	List<Site> changed() {
		return this.sites.values().stream().filter((site) -> !site.equals(this.before.get(site.siteId()))).toList();
	}

	/**
	 * Instances that are gone or moved to another site.
	 * @return the ids
	 */
	Set<String> freedInstances() {
		Set<String> freed = new LinkedHashSet<>(this.storedInstances.keySet());
		freed.removeIf((id) -> Objects.equals(this.storedInstances.get(id), this.instances.get(id)));
		return freed;
	}

	Map<String, String> takenInstances() {
		Map<String, String> taken = new LinkedHashMap<>(this.instances);
		taken.entrySet().removeIf((entry) -> entry.getValue().equals(this.storedInstances.get(entry.getKey())));
		return taken;
	}

	private static List<String> instanceIds(Site site) {
		return (site.metadata() != null) ? site.metadata().apps().stream().map(InstalledApp::instanceId).toList()
				: List.of();
	}

}
