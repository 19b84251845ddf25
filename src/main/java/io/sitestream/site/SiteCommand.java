package io.sitestream.site;

import java.util.Set;

import io.sitestream.platform.EntityTags;
import io.sitestream.platform.Preconditions;
import org.jspecify.annotations.Nullable;

/**
 * A wish to change one site.
 *
 * @param commandId names the command: the same id is carried out once
 * @param siteId the site
 * @param actor who has to own the site, or {@code null} where nobody is asked
 * @param expectedVersions the site must have one of these versions; {@code null} for any.
 * For processes of older releases, which know no other precondition
 * @param change what should change
 * @param preconditions what must hold, or {@code null} in records of older releases
 * @param fingerprint tells the request from others with the same idempotency key;
 * {@code null} without a key, and in records of older releases
 */
record SiteCommand(String commandId, String siteId, @Nullable String actor, @Nullable Set<Long> expectedVersions,
		SiteChange change, @Nullable Preconditions preconditions, @Nullable String fingerprint) {

	SiteCommand(String commandId, String siteId, @Nullable String actor, @Nullable Set<Long> expectedVersions,
			SiteChange change) {
		this(commandId, siteId, actor, expectedVersions, change, null, null);
	}

	static SiteCommand of(String commandId, String siteId, @Nullable String actor, SiteChange change,
			Preconditions preconditions, @Nullable String fingerprint) {
		EntityTags tags = preconditions.ifMatch();
		return new SiteCommand(commandId, siteId, actor, (tags != null && !tags.any()) ? tags.versions() : null, change,
				preconditions, fingerprint);
	}

	/**
	 * What must hold, whatever release wrote the record.
	 * @return the preconditions
	 */
	Preconditions demanded() {
		if (this.preconditions != null) {
			return this.preconditions;
		}
		return (this.expectedVersions != null) ? new Preconditions(new EntityTags(false, this.expectedVersions), null)
				: Preconditions.NONE;
	}

}
