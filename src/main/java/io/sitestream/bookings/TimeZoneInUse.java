package io.sitestream.bookings;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.zone.ZoneRulesProvider;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A time zone that at least one supported country uses.
 *
 * @param zone the zone's id in the tz database
 * @param countries the codes of the supported countries that use it, ascending
 * @param rulesVersion the version of the tz database that the deriving process had
 * @param override a government's change ahead of the tz database, or {@code null}
 */
public record TimeZoneInUse(String zone, List<String> countries, String rulesVersion,
		@Nullable TimeZoneOverride override) {

	public TimeZoneInUse {
		if (zone == null || !ZoneRulesProvider.getAvailableZoneIds().contains(zone)) {
			throw new IllegalArgumentException("Zone '%s' is not in the tz database of this JDK.".formatted(zone));
		}
		countries = (countries != null) ? List.copyOf(countries) : List.of();
	}

	/**
	 * The offset from UTC.
	 * @param at when
	 * @return the offset, from the override if one holds then, else from the JDK's rules
	 */
	public ZoneOffset offset(Instant at) {
		return DatedRules.of(this).offset(at);
	}

	/**
	 * The zone as the API answers it.
	 * @param now when
	 * @return the answer
	 */
	public TimeZoneView view(Instant now) {
		DatedRules dated = DatedRules.of(this);
		OffsetRules rules = dated.at(now);
		return new TimeZoneView(this.zone, this.countries, TimeZoneView.format(rules.standardOffset(now)),
				rules.observesDaylightSaving(now), TimeZoneView.format(rules.offset(now)), dated.nextTransition(now),
				rulesVersion(this.zone), dated.isOverridden(now));
	}

	/**
	 * The version of the rules that this JDK has for a zone.
	 * @param zone the zone's id
	 * @return the version, as {@code 2026a}
	 */
	static String rulesVersion(String zone) {
		return ZoneRulesProvider.getVersions(zone).lastKey();
	}

}
