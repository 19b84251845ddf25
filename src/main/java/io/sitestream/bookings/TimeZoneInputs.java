package io.sitestream.bookings;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Everything that the time zones in use follow from.
 *
 * @param countries the codes of all supported countries
 * @param overrides all overrides by the name of the zone that their writer gave
 */
record TimeZoneInputs(Set<String> countries, Map<String, TimeZoneOverride> overrides) {

	TimeZoneInputs copy() {
		return new TimeZoneInputs(new TreeSet<>(this.countries), new TreeMap<>(this.overrides));
	}

	/**
	 * One record per zone that a supported country uses. An override of another zone
	 * waits until one does.
	 * @param zones which country uses which zones
	 * @return the records by zone id
	 */
	Map<String, TimeZoneInUse> derive(CountryZones zones) {
		Map<String, Set<String>> users = new TreeMap<>();
		for (String country : this.countries) {
			zones.of(country).forEach((zone) -> users.computeIfAbsent(zone, (id) -> new TreeSet<>()).add(country));
		}
		Map<String, TimeZoneInUse> derived = new TreeMap<>();
		users.forEach((zone, codes) -> derived.put(zone, new TimeZoneInUse(zone, codes.stream().toList(),
				TimeZoneInUse.rulesVersion(zone), override(zone).orElse(null))));
		return derived;
	}

	/**
	 * The override of a zone: the one under its id, else one under another name, in the
	 * order of {@link TimeZoneNames}, since other systems write overrides, too, and may
	 * know the zone by an old name.
	 */
	private Optional<TimeZoneOverride> override(String zone) {
		if (this.overrides.isEmpty()) {
			return Optional.empty();
		}
		return Stream.concat(Stream.of(zone), TimeZoneNames.of(zone).stream())
			.map(this.overrides::get)
			.filter(Objects::nonNull)
			.findFirst()
			.map((override) -> override.on(zone));
	}

}
