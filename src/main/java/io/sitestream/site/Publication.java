package io.sitestream.site;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.sitestream.platform.Emission;

/**
 * What a batch of commands has to say, in order: states of sites, and what came of the
 * commands. States are emitted, or on the path {@code cdc} left in the database for the
 * stream, so that only one of the two writes {@code site-metadata}.
 */
final class Publication {

	private final WritePath path;

	private final List<Emission> emissions = new ArrayList<>();

	private final List<Site> changes = new ArrayList<>();

	Publication(WritePath path) {
		this.path = path;
	}

	void state(Site site) {
		if (this.path == WritePath.CDC) {
			this.changes.add(site);
			return;
		}
		Emission emission = (site.metadata() != null)
				? Emission.of(SiteTopics.SITE_METADATA, site.siteId(), site.metadata())
				: Emission.tombstone(SiteTopics.SITE_METADATA, site.siteId());
		this.emissions.add(emission.withHeader(SiteTopics.VERSION_HEADER, String.valueOf(site.version())));
	}

	/**
	 * Adds a state that was there before.
	 * @param value the state as it is stored, which the topic gets byte for byte
	 */
	void again(SiteStore.StoredValue value) {
		this.emissions
			.add(new Emission(SiteTopics.SITE_METADATA, value.siteId(), value.json().getBytes(StandardCharsets.UTF_8),
					Map.of(SiteTopics.VERSION_HEADER, String.valueOf(value.version()))));
	}

	void outcome(SiteCommandOutcome outcome) {
		this.emissions.add(Emission.of(SiteTopics.SITE_COMMAND_OUTCOMES, outcome.commandId(), outcome));
	}

	List<Emission> emissions() {
		return this.emissions;
	}

	/**
	 * The states for {@link SiteChanges}.
	 * @return none but on the path {@code cdc}
	 */
	List<Site> changes() {
		return this.changes;
	}

}
