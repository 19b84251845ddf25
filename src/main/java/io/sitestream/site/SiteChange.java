package io.sitestream.site;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * What may change on a site.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({ @Type(SiteChange.Create.class), @Type(SiteChange.Replace.class), @Type(SiteChange.Delete.class),
		@Type(SiteChange.PutApp.class), @Type(SiteChange.RemoveApp.class), @Type(SiteChange.Republish.class) })
sealed interface SiteChange {

	/** Creates the site with the apps on it. */
	record Create(String ownerId, String name, @Nullable String locale, @Nullable String domain,
			@Nullable Long publishedVersion, List<PutApp> apps) implements SiteChange {
	}

	/** Replaces everything but the apps. */
	record Replace(String ownerId, String name, @Nullable String locale, @Nullable String domain,
			@Nullable Long publishedVersion) implements SiteChange {
	}

	/** Deletes the site. */
	record Delete() implements SiteChange {
	}

	/**
	 * Installs an app or changes it. Without an instance id it keeps its own, or gets a
	 * new one.
	 */
	record PutApp(String appId, @Nullable String instanceId, String version,
			InstalledApp.Status status) implements SiteChange {
	}

	/** Removes an app. */
	record RemoveApp(String appId) implements SiteChange {
	}

	/**
	 * Changes nothing: sends the site, as it is then, to its topic again. No request can
	 * ask for it.
	 */
	record Republish() implements SiteChange {
	}

}
