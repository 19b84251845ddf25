package io.sitestream.bookings;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything that the time zones in use follow from.
 *
 * @param countries the codes of all supported countries
 * @param overrides all overrides by zone id
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
				TimeZoneInUse.rulesVersion(zone), this.overrides.get(zone))));
		return derived;
	}

}
