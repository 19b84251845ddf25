package io.sitestream.bookings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.zone.ZoneRulesProvider;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Which time zones a country uses, from ICU's data (CLDR), which the build turns into a
 * resource. Uninhabited islands (Bouvet, Heard and McDonald) have none.
 */
@Component
class CountryZones {

	private static final String RESOURCE = "time-zones-by-country.properties";

	private final Map<String, List<String>> zones = new TreeMap<>();

	/**
	 * Countries with other zones.
	 * @param zones the ids of zones by country, each of them ascending
	 */
	CountryZones(Map<String, List<String>> zones) {
		this.zones.putAll(zones);
	}

	@Autowired
	CountryZones() {
		Properties resource = new Properties();
		try (InputStream in = CountryZones.class.getResourceAsStream(RESOURCE)) {
			if (in == null) {
				throw new IllegalStateException(
						"%s is missing beside %s: the build makes it in the phase process-resources."
							.formatted(RESOURCE, CountryZones.class.getName()));
			}
			resource.load(in);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot read " + RESOURCE, ex);
		}
		Set<String> known = ZoneRulesProvider.getAvailableZoneIds();
		resource.stringPropertyNames()
			.forEach((country) -> this.zones.put(country,
					Arrays.stream(resource.getProperty(country).split(",")).filter(known::contains).toList()));
	}

	/**
	 * The zones of a country.
	 * @param country ISO 3166-1 alpha-2
	 * @return the ids of zones that this JDK knows, ascending; empty for an unknown
	 * country
	 */
	List<String> of(String country) {
		return this.zones.getOrDefault(country, List.of());
	}

}
