package io.sitestream.bookings;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneRulesProvider;
import java.util.List;

import io.sitestream.kvstore.KeyValueStore;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Emitter;
import io.sitestream.platform.Position;
import io.sitestream.platform.ProblemException;
import io.sitestream.platform.TopicEnds;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

import static io.sitestream.bookings.BookingTopics.TIME_ZONE_OVERRIDES;

/**
 * Governments' changes ahead of the tz database. A change is answered when the own store
 * of time zones shows it: that is when {@code deriveTimeZones}, wherever it runs, has
 * committed its offset behind the override, and the store has read everything that was
 * published until then.
 */
@Component
class TimeZoneOverrides {

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final KeyValueStore<TimeZoneInUse> zones;

	private final Emitter emitter;

	private final TopicEnds ends;

	private final Clock clock;

	TimeZoneOverrides(KeyValueStore<TimeZoneInUse> timeZoneStore, Emitter emitter, TopicEnds ends, Clock clock) {
		this.zones = timeZoneStore;
		this.emitter = emitter;
		this.ends = ends;
		this.clock = clock;
	}

	TimeZoneInUse put(String name, OverrideRequest request) {
		request.requireOffset();
		TimeZoneInUse known = TimeZoneNames.find(this.zones, name).orElseThrow(() -> unknown(name));
		String zone = known.zone();
		TimeZoneOverride override = request.of(known, this.clock.instant());
		if (override.daylightSaving() && !hasTransitionsAhead(override)) {
			throw OverrideRequest.invalid(
					"daylightSaving cannot be true for '%s': the tz database has no dates at which its clocks change. Give the standardOffset that holds now, and another one when it changes."
						.formatted(zone));
		}
		publish(List.of(Emission.of(TIME_ZONE_OVERRIDES, zone, override)));
		return this.zones.find(zone).orElseThrow(() -> unknown(zone));
	}

	private boolean hasTransitionsAhead(TimeZoneOverride override) {
		Instant now = this.clock.instant();
		Instant from = override.from();
		return ZoneId.of(override.zone())
			.getRules()
			.nextTransition((from != null && from.isAfter(now)) ? from : now) != null;
	}

	/**
	 * Under what names the override of a zone may have been published: other systems
	 * write the topic, too.
	 * @param name a name of the zone, whether or not a country uses it
	 * @return its names
	 */
	List<String> names(String name) {
		List<String> names = TimeZoneNames.of(name);
		if (names.stream().noneMatch(ZoneRulesProvider.getAvailableZoneIds()::contains)) {
			throw unknown(name);
		}
		return names;
	}

	void delete(List<String> names) {
		publish(names.stream().map((each) -> Emission.tombstone(TIME_ZONE_OVERRIDES, each)).toList());
	}

	private void publish(List<Emission> emissions) {
		Position position = this.emitter.emit(emissions).getLast();
		if (!this.ends.awaitProcessed("deriveTimeZones", position, PATIENCE)) {
			throw new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, "store-behind",
					"The override at %s was taken, but deriveTimeZones has not processed it after %d ms. It will appear: do not repeat it."
						.formatted(position, PATIENCE.toMillis()))
				.withHeader("Retry-After", "1");
		}
		this.zones.sync(PATIENCE);
	}

	ProblemException unknown(String zone) {
		return new ProblemException(HttpStatus.NOT_FOUND, "unknown-time-zone",
				"Time zone '%s' is unknown: no supported country uses it. %d time zones are loaded.".formatted(zone,
						this.zones.size()));
	}

}
