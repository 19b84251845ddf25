package io.sitestream.appswriter;

import java.time.Instant;
import java.util.List;

/**
 * The view of a site: the apps on it and nothing else of it, in the form in which it is
 * answered.
 *
 * @param siteId the site
 * @param version the site's version
 * @param apps its apps, by app id
 */
public record InstalledApps(String siteId, long version, List<App> apps) {

	/** The projection's name. */
	public static final String PROJECTION = "installed-apps";

	/** How many partitions it is written from. */
	public static final int PARTITIONS = 6;

	/**
	 * The key under which the sites with an app are found.
	 * @param appId the app
	 * @return the index key
	 */
	public static String byApp(String appId) {
		return "app/" + appId;
	}

	/**
	 * The key under which the site with an instance is found.
	 * @param instanceId the instance
	 * @return the index key
	 */
	public static String byInstance(String instanceId) {
		return "instance/" + instanceId;
	}

	/**
	 * An app on a site.
	 *
	 * @param appId which app
	 * @param instanceId this installation
	 * @param version the app's version
	 * @param status {@code ENABLED} or {@code DISABLED}
	 * @param installedAt when it was installed
	 */
	public record App(String appId, String instanceId, String version, String status, Instant installedAt) {

	}

}
