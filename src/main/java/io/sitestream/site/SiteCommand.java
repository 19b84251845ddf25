package io.sitestream.site;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A wish to change one site.
 *
 * @param commandId names the command: the same id is carried out once
 * @param siteId the site
 * @param actor who has to own the site, or {@code null} where nobody is asked
 * @param expectedVersions the site must have one of these versions; {@code null} for any
 * @param change what should change
 */
record SiteCommand(String commandId, String siteId, @Nullable String actor, @Nullable Set<Long> expectedVersions,
		SiteChange change) {

}
