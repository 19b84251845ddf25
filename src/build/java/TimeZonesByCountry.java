import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;

import com.ibm.icu.util.TimeZone;
import com.ibm.icu.util.TimeZone.SystemTimeZoneType;

/**
 * Writes the time zones of every country of ISO 3166-1 as a properties file,
 * {@code SS=Africa/Juba}, from ICU's data. Run by the build, so that the 15 MB of ICU
 * stay out of the jar. A file that is right already is left alone.
 */
class TimeZonesByCountry {

	public static void main(String[] args) throws IOException {
		Path file = Path.of(args[0]);
		String content = content();
		if (!Files.exists(file) || !Files.readString(file).equals(content)) {
			Files.createDirectories(file.getParent());
			Files.writeString(file, content);
		}
	}

	private static String content() {
		TreeMap<String, Set<String>> zones = new TreeMap<>();
		for (String country : Locale.getISOCountries()) {
			zones.put(country, zones(country));
		}
		StringBuilder content = new StringBuilder(
				"# ISO 3166-1 alpha-2 = IANA time zones, from ICU4J with tz " + TimeZone.getTZDataVersion() + "\n");
		zones.forEach((country, ids) -> {
			StringJoiner joined = new StringJoiner(",", country + "=", "\n");
			ids.forEach(joined::add);
			content.append(joined);
		});
		return content.toString();
	}

	/**
	 * The zones of a country, one per region that ever kept its own time, in their present
	 * IANA names as far as this JDK knows them.
	 */
	private static Set<String> zones(String country) {
		Set<String> known = ZoneId.getAvailableZoneIds();
		Set<String> zones = new TreeSet<>();
		for (String id : TimeZone.getAvailableIDs(SystemTimeZoneType.CANONICAL_LOCATION, country, null)) {
			String iana = TimeZone.getIanaID(id);
			if (known.contains(iana)) {
				zones.add(iana);
			}
		}
		return zones;
	}

}
