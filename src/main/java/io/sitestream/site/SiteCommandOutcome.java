package io.sitestream.site;

import io.sitestream.platform.Problem;
import org.jspecify.annotations.Nullable;

/**
 * What came of a command. It stays the same however often the command is repeated.
 *
 * @param commandId the command
 * @param siteId the site
 * @param status the HTTP status that answers it
 * @param version the site's version after it, or {@code null} if it was refused
 * @param site the site after it, or {@code null} if it was refused or deleted the site
 * @param problem why it was refused, or {@code null}
 */
record SiteCommandOutcome(String commandId, String siteId, int status, @Nullable Long version,
		@Nullable SiteMetadata site, @Nullable Problem problem) {

	/**
	 * The site after a command that was not refused.
	 * @return the site, whose metadata are missing if it was deleted
	 */
	Site after() {
		return new Site(this.siteId, (this.version != null) ? this.version : 0, this.site);
	}

}
