package io.sitestream.site;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import io.sitestream.platform.Preconditions;
import io.sitestream.platform.Problem;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * A site while commands are carried out on it, existing or not.
 *
 * @param siteId the site
 * @param version its version, 0 if it never existed; that of the deletion if it was
 * deleted
 * @param metadata the site, or {@code null} if it does not exist
 */
record Site(String siteId, long version, @Nullable SiteMetadata metadata) {

	static Site unknown(String siteId) {
		return new Site(siteId, 0, null);
	}

	/**
	 * Carries a command out.
	 * @param command the command
	 * @param instances who has which instance id, over all sites
	 * @param now when this happens
	 * @param ids makes instance ids
	 * @return what came of it and how the site is now
	 */
	Decision decide(SiteCommand command, Instances instances, Instant now, Supplier<String> ids) {
		if (command.change() instanceof SiteChange.Create create) {
			return create(command, create, instances, now, ids);
		}
		SiteMetadata site = this.metadata;
		if (site == null) {
			return refuse(HttpStatus.NOT_FOUND, "unknown-site", "Site '%s' does not exist.".formatted(this.siteId));
		}
		if (command.actor() != null && !command.actor().equals(site.ownerId())) {
			return refuse(HttpStatus.FORBIDDEN, "not-owner",
					"Site '%s' does not belong to '%s': only its owner may change it.".formatted(this.siteId,
							command.actor()));
		}
		Optional<Problem> unmet = unmet(command, site);
		if (unmet.isPresent()) {
			return refuse(unmet.get());
		}
		return switch (command.change()) {
			case SiteChange.Create create -> create(command, create, instances, now, ids);
			case SiteChange.Replace replace -> replace(site, replace, now);
			case SiteChange.Delete delete ->
				new Decision(HttpStatus.NO_CONTENT, new Site(this.siteId, this.version + 1, null), null);
			case SiteChange.PutApp put -> put(site, put, instances, now, ids);
			case SiteChange.RemoveApp remove -> remove(site, remove, now);
			case SiteChange.Republish republish -> new Decision(HttpStatus.OK, this, null);
		};
	}

	/**
	 * Versions are the site's, whatever is written on it. What a write to an app finds,
	 * or does not, is the app.
	 */
	private Optional<Problem> unmet(SiteCommand command, SiteMetadata site) {
		Preconditions demanded = command.demanded();
		return switch (command.change()) {
			case SiteChange.PutApp put -> unmet(demanded, site, put.appId());
			case SiteChange.RemoveApp remove -> unmet(demanded, site, remove.appId());
			default -> demanded.judge(name(), this.version, true);
		};
	}

	private Optional<Problem> unmet(Preconditions demanded, SiteMetadata site, String appId) {
		return new Preconditions(demanded.ifMatch(), null).judge(name(), this.version, true)
			.or(() -> new Preconditions(null, demanded.ifNoneMatch()).judge("%s with app '%s'".formatted(name(), appId),
					this.version, site.apps().stream().anyMatch((app) -> app.appId().equals(appId))));
	}

	private String name() {
		return "Site '%s'".formatted(this.siteId);
	}

	private Decision create(SiteCommand command, SiteChange.Create create, Instances instances, Instant now,
			Supplier<String> ids) {
		Optional<Problem> unmet = command.demanded()
			.judge(name(), (this.metadata != null) ? this.version : null, this.metadata != null);
		if (unmet.isPresent()) {
			return refuse(unmet.get());
		}
		if (this.metadata != null) {
			return refuse(HttpStatus.CONFLICT, "site-exists",
					"Site '%s' exists already, with version %d.".formatted(this.siteId, this.version));
		}
		if (command.actor() != null && !command.actor().equals(create.ownerId())) {
			return refuse(HttpStatus.FORBIDDEN, "not-owner",
					"'%s' may not create a site for '%s': ownerId must be the token's sub.".formatted(command.actor(),
							create.ownerId()));
		}
		Map<String, InstalledApp> apps = new LinkedHashMap<>();
		for (SiteChange.PutApp app : create.apps()) {
			Optional<Problem> taken = taken(app, null, instances, apps.values());
			if (taken.isPresent()) {
				return refuse(taken.get());
			}
			apps.put(app.appId(), installed(app, null, now, ids));
		}
		return change(HttpStatus.CREATED, new SiteMetadata(this.siteId, this.version + 1, create.ownerId(),
				create.name(), create.locale(), create.domain(), create.publishedVersion(), sorted(apps), now, now));
	}

	private Decision replace(SiteMetadata site, SiteChange.Replace replace, Instant now) {
		return change(HttpStatus.OK, new SiteMetadata(this.siteId, this.version + 1, replace.ownerId(), replace.name(),
				replace.locale(), replace.domain(), replace.publishedVersion(), site.apps(), site.createdAt(), now));
	}

	private Decision put(SiteMetadata site, SiteChange.PutApp put, Instances instances, Instant now,
			Supplier<String> ids) {
		Map<String, InstalledApp> apps = apps(site);
		InstalledApp before = apps.get(put.appId());
		Optional<Problem> taken = taken(put, before, instances, List.of());
		if (taken.isPresent()) {
			return refuse(taken.get());
		}
		apps.put(put.appId(), installed(put, before, now, ids));
		return change((before != null) ? HttpStatus.OK : HttpStatus.CREATED, withApps(site, apps, now));
	}

	private Decision remove(SiteMetadata site, SiteChange.RemoveApp remove, Instant now) {
		Map<String, InstalledApp> apps = apps(site);
		if (apps.remove(remove.appId()) == null) {
			return refuse(HttpStatus.NOT_FOUND, "unknown-app",
					"App '%s' is not installed on site '%s'.".formatted(remove.appId(), this.siteId));
		}
		return change(HttpStatus.NO_CONTENT, withApps(site, apps, now));
	}

	private Optional<Problem> taken(SiteChange.PutApp put, @Nullable InstalledApp before, Instances instances,
			Iterable<InstalledApp> others) {
		String wanted = put.instanceId();
		if (wanted == null || (before != null && before.instanceId().equals(wanted))) {
			return Optional.empty();
		}
		boolean taken = instances.isTaken(wanted);
		for (InstalledApp other : others) {
			taken |= other.instanceId().equals(wanted);
		}
		return taken ? Optional.of(Problem.of(HttpStatus.CONFLICT, "instance-exists",
				"Instance '%s' exists already: choose another instanceId, or leave it out to get one."
					.formatted(wanted)))
				: Optional.empty();
	}

	private static InstalledApp installed(SiteChange.PutApp put, @Nullable InstalledApp before, Instant now,
			Supplier<String> ids) {
		String instance = put.instanceId();
		if (instance == null) {
			instance = (before != null) ? before.instanceId() : ids.get();
		}
		return new InstalledApp(put.appId(), instance, put.version(), put.status(),
				(before != null) ? before.installedAt() : now);
	}

	private SiteMetadata withApps(SiteMetadata site, Map<String, InstalledApp> apps, Instant now) {
		return new SiteMetadata(this.siteId, this.version + 1, site.ownerId(), site.name(), site.locale(),
				site.domain(), site.publishedVersion(), sorted(apps), site.createdAt(), now);
	}

	private static Map<String, InstalledApp> apps(SiteMetadata site) {
		Map<String, InstalledApp> apps = new LinkedHashMap<>();
		site.apps().forEach((app) -> apps.put(app.appId(), app));
		return apps;
	}

	private static List<InstalledApp> sorted(Map<String, InstalledApp> apps) {
		List<InstalledApp> sorted = new ArrayList<>(apps.values());
		sorted.sort(Comparator.comparing(InstalledApp::appId));
		return List.copyOf(sorted);
	}

	private Decision change(HttpStatus status, SiteMetadata after) {
		return new Decision(status, new Site(this.siteId, after.version(), after), null);
	}

	Decision refuseAsTooLarge(int largest) {
		return refuse(HttpStatus.CONTENT_TOO_LARGE, "site-too-large",
				"Site '%s' would have more than %d bytes: remove apps, or shorten what they say.".formatted(this.siteId,
						largest));
	}

	private Decision refuse(HttpStatus status, String slug, String detail) {
		return refuse(Problem.of(status, slug, detail));
	}

	private Decision refuse(Problem problem) {
		return new Decision(HttpStatus.valueOf(problem.status()), this, problem);
	}

	/**
	 * Knows which instance ids are taken.
	 */
	@FunctionalInterface
	interface Instances {

		boolean isTaken(String instanceId);

	}

	/**
	 * What came of a command.
	 *
	 * @param status the HTTP status that answers it
	 * @param after the site after it, unchanged if it was refused
	 * @param problem why it was refused, or {@code null}
	 */
	record Decision(HttpStatus status, Site after, @Nullable Problem problem) {

		boolean isRefused() {
			return this.problem != null;
		}

		SiteCommandOutcome outcome(SiteCommand command) {
			return new SiteCommandOutcome(command.commandId(), command.siteId(), this.status.value(), version(),
					isRefused() ? null : this.after.metadata(), this.problem, command.fingerprint());
		}

		private @Nullable Long version() {
			boolean isUnmet = this.status == HttpStatus.PRECONDITION_FAILED && this.after.metadata() != null;
			return (!isRefused() || isUnmet) ? this.after.version() : null;
		}

	}

}
