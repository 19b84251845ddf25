package io.sitestream.site;

import java.time.Instant;

/**
 * An app on a site.
 *
 * @param appId which app
 * @param instanceId this installation, unique over all sites
 * @param version the app's version, as its maker counts
 * @param status whether it is in use
 * @param installedAt when it was installed
 */
public record InstalledApp(String appId, String instanceId, String version, Status status, Instant installedAt) {

	/** Whether an app is in use. */
	public enum Status {

		ENABLED, DISABLED

	}

}
