package io.sitestream.site;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.sitestream.platform.Identifier;
import io.sitestream.platform.ProblemException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * The bodies of site writes, and the form that they must have.
 */
final class SiteRequests {

	private static final int LONGEST_TEXT = 1_024;

	private static final int MOST_APPS = 1_000;

	private SiteRequests() {
	}

	record CreateSite(@Nullable String siteId, @Nullable String ownerId, @Nullable String name, @Nullable String locale,
			@Nullable String domain, @Nullable Long publishedVersion, @Nullable List<@Nullable App> apps) {

		SiteChange.Create change() {
			List<@Nullable App> given = (this.apps != null) ? this.apps : List.of();
			if (given.size() > MOST_APPS) {
				throw invalid("apps has %d entries: at most %d are allowed.".formatted(given.size(), MOST_APPS));
			}
			Set<String> ids = new HashSet<>();
			List<SiteChange.PutApp> puts = given.stream().map(CreateSite::put).toList();
			puts.stream().map(SiteChange.PutApp::appId).filter((id) -> !ids.add(id)).findFirst().ifPresent((id) -> {
				throw invalid("apps has '%s' twice: an app can be installed once on a site.".formatted(id));
			});
			return new SiteChange.Create(owner(this.ownerId), required("name", this.name), text("locale", this.locale),
					text("domain", this.domain), this.publishedVersion, puts);
		}

		private static SiteChange.PutApp put(@Nullable App app) {
			if (app == null) {
				throw invalid("apps has an entry that is null: every entry needs an appId and a version.");
			}
			return app.change(app.appId());
		}

	}

	record ReplaceSite(@Nullable String ownerId, @Nullable String name, @Nullable String locale,
			@Nullable String domain, @Nullable Long publishedVersion) {

		SiteChange.Replace change() {
			return new SiteChange.Replace(owner(this.ownerId), required("name", this.name), text("locale", this.locale),
					text("domain", this.domain), this.publishedVersion);
		}

	}

	record App(@Nullable String appId, @Nullable String instanceId, @Nullable String version,
			InstalledApp.@Nullable Status status) {

		SiteChange.PutApp change(@Nullable String id) {
			return new SiteChange.PutApp(Identifier.PLAIN.require("appId", required("appId", id)),
					(this.instanceId != null) ? Identifier.PLAIN.require("instanceId", this.instanceId) : null,
					required("version", this.version),
					(this.status != null) ? this.status : InstalledApp.Status.ENABLED);
		}

	}

	record PutApp(@Nullable String instanceId, @Nullable String version, InstalledApp.@Nullable Status status) {

		SiteChange.PutApp change(String appId) {
			return new App(appId, this.instanceId, this.version, this.status).change(appId);
		}

	}

	private static String owner(@Nullable String ownerId) {
		return Identifier.PLAIN.require("ownerId", required("ownerId", ownerId));
	}

	private static String required(String name, @Nullable String value) {
		String text = text(name, value);
		if (text == null || text.isBlank()) {
			throw invalid("%s is missing: it is required and must not be blank.".formatted(name));
		}
		return text;
	}

	private static @Nullable String text(String name, @Nullable String value) {
		if (value != null && (value.length() > LONGEST_TEXT || value.indexOf('\0') >= 0)) {
			throw invalid("%s is not allowed: at most %d characters, none of them NUL.".formatted(name, LONGEST_TEXT));
		}
		return value;
	}

	private static ProblemException invalid(String detail) {
		return new ProblemException(HttpStatus.BAD_REQUEST, "invalid-site", detail);
	}

}
