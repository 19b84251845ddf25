package io.sitestream.appsreader;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import io.sitestream.appswriter.InstalledApps;
import io.sitestream.platform.ConsistencyToken;
import io.sitestream.platform.Preferences;
import io.sitestream.platform.RecordFormat;
import io.sitestream.projection.ProjectionReader;
import io.sitestream.projection.Projections;
import io.sitestream.projection.Reading;
import io.sitestream.projection.Reading.IndexPage;
import io.sitestream.projection.StoredView;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Finds installed apps. Answers from the projection alone; the site's own service may be
 * down.
 */
@Component
class InstalledAppsReader {

	/** Sites, as consistency tokens call them. */
	private static final Set<String> RESOURCES = Set.of("sites");

	private final ProjectionReader reader;

	private final RecordFormat format;

	private final Clock clock;

	InstalledAppsReader(Projections projections, RecordFormat format, Clock clock) {
		this.reader = projections.reader(InstalledApps.PROJECTION, InstalledApps.PARTITIONS);
		this.format = format;
		this.clock = clock;
	}

	Optional<StoredView> bySite(Demand demand, String siteId) {
		return read(demand, (reading) -> reading.find(siteId));
	}

	Found bySites(Demand demand, List<String> siteIds) {
		return read(demand, (reading) -> {
			Map<String, StoredView> views = reading.findAll(siteIds);
			List<String> unknown = new ArrayList<>(siteIds);
			unknown.removeIf(views::containsKey);
			return new Found(List.copyOf(views.values()), unknown);
		});
	}

	IndexPage byApp(Demand demand, String appId, String after, int limit) {
		return read(demand, (reading) -> reading.page(InstalledApps.byApp(appId), after, limit));
	}

	Optional<Instance> byInstance(Demand demand, String instanceId) {
		return read(demand,
				(reading) -> reading.page(InstalledApps.byInstance(instanceId), "", 1)
					.keys()
					.stream()
					.findFirst()
					.flatMap(reading::find))
			.map((view) -> this.format.read(view.body(), InstalledApps.class))
			.flatMap((site) -> site.apps()
				.stream()
				.filter((app) -> app.instanceId().equals(instanceId))
				.findFirst()
				.map((app) -> new Instance(instanceId, site.siteId(), app.appId(), app.version(), app.status())));
	}

	long lagMillis() {
		return this.reader.lag().toMillis();
	}

	private <R> R read(Demand demand, Function<Reading, R> question) {
		return this.reader.read(ConsistencyToken.parse(demand.tokens(), RESOURCES, this.clock.instant()),
				demand.preferences().patienceOrDefault(), question);
	}

	/**
	 * What a request asks for besides its answer.
	 *
	 * @param tokens the header's value, or {@code null}
	 * @param preferences how long the client waits
	 */
	record Demand(@Nullable String tokens, Preferences preferences) {

	}

	/**
	 * Several sites.
	 *
	 * @param views the views of those that exist
	 * @param unknown the ids of those that do not
	 */
	record Found(List<StoredView> views, List<String> unknown) {

	}

	/**
	 * An installation, found by its id.
	 *
	 * @param instanceId the id
	 * @param siteId where it is
	 * @param appId what it is
	 * @param version the app's version
	 * @param status {@code ENABLED} or {@code DISABLED}
	 */
	record Instance(String instanceId, String siteId, String appId, String version, String status) {

	}

}
