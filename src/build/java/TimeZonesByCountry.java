import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;

import com.ibm.icu.util.TimeZone;
import com.ibm.icu.util.TimeZone.SystemTimeZoneType;

/**
 * Writes two properties files from ICU's data: the time zones of every country of ISO
 * 3166-1, {@code SS=Africa/Juba}, and the other names of time zones,
 * {@code Asia/Calcutta=Asia/Kolkata}. Run by the build, so that the 15 MB of ICU stay out
 * of the jar. A file that is right already is left alone.
 */
class TimeZonesByCountry {

	private static final Set<String> ABBREVIATIONS_OF_TZ = Set.of("EST", "HST", "MST");

	public static void main(String[] args) throws IOException {
		write(Path.of(args[0]), countries());
		write(Path.of(args[1]), links());
	}

	private static void write(Path file, String content) throws IOException {
		if (!Files.exists(file) || !Files.readString(file).equals(content)) {
			Files.createDirectories(file.getParent());
			Files.writeString(file, content);
		}
	}

	private static String countries() {
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

	/**
	 * The names that are not the present IANA name of their zone. Abbreviations are left
	 * out that Java and ICU have and the tz database does not: {@code IST} is the time of
	 * India, Ireland and Israel.
	 */
	private static String links() {
		Set<String> known = ZoneId.getAvailableZoneIds();
		TreeSet<String> names = new TreeSet<>(known);
		Arrays.stream(TimeZone.getAvailableIDs())
			.filter((id) -> !ZoneId.SHORT_IDS.containsKey(id) || ABBREVIATIONS_OF_TZ.contains(id))
			.forEach(names::add);
		StringBuilder content = new StringBuilder(
				"# name = present IANA name of the time zone, from ICU4J with tz " + TimeZone.getTZDataVersion() + "\n");
		for (String name : names) {
			String iana = TimeZone.getIanaID(name);
			if (!iana.equals(name) && known.contains(iana)) {
				content.append(name + "=" + iana + "\n");
			}
		}
		return content.toString();
	}

}
