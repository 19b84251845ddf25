package io.sitestream.site;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A site, whole, as it is after a change.
 *
 * @param siteId the site
 * @param version counts the site's changes from 1; deleting and creating it anew continue
 * the count
 * @param ownerId who may change it
 * @param name what it is called
 * @param locale its main language
 * @param domain where it is published
 * @param publishedVersion which of its versions is public, as its editor counts them
 * @param apps what is installed on it, by app id
 * @param createdAt when it was created, the last time that it was
 * @param updatedAt when it was changed
 */
public record SiteMetadata(String siteId, long version, String ownerId, String name, @Nullable String locale,
		@Nullable String domain, @Nullable Long publishedVersion, List<InstalledApp> apps, Instant createdAt,
		Instant updatedAt) {

}
