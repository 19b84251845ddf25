package io.sitestream.bookings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;

import io.sitestream.kvstore.KeyValueStore;

/**
 * The names that a time zone has had. The tz database renames zones and keeps the names
 * before as links, and browsers go on giving them: {@code Asia/Calcutta},
 * {@code Europe/Kiev}. The names are CLDR's, which the build turns into a resource.
 * <p>
 * Not every link of the tz database is another name: it merged zones that have agreed
 * since 1970, {@code Europe/Oslo} with {@code Europe/Berlin}. CLDR keeps these apart, and
 * each is the zone of its own country.
 */
public final class TimeZoneNames {

	private static final String RESOURCE = "time-zone-links.properties";

	private TimeZoneNames() {
	}

	/**
	 * Looks up a zone by any of its names.
	 * @param zones the zones in use
	 * @param name a name of the zone
	 * @return the zone under the id that is in use here, if a supported country uses it
	 */
	public static Optional<TimeZoneInUse> find(KeyValueStore<TimeZoneInUse> zones, String name) {
		return zones.find(name).or(() -> of(name).stream().map(zones::find).flatMap(Optional::stream).findFirst());
	}

	/**
	 * All names of a zone.
	 * @param name one of them
	 * @return the present name, and then those before in alphabetical order; the name
	 * alone if it is the only one, or that of no zone
	 */
	static List<String> of(String name) {
		return Known.NAMES.getOrDefault(name, List.of(name));
	}

	/** Read when a name is asked for that is not simply the one in use. */
	private static final class Known {

		/** All names of the zone by each of them. */
		private static final Map<String, List<String>> NAMES = names();

		private static Map<String, List<String>> names() {
			Properties links = load();
			Map<String, List<String>> names = new HashMap<>();
			for (String link : new TreeSet<>(links.stringPropertyNames())) {
				List<String> all = names.computeIfAbsent(links.getProperty(link),
						(present) -> new ArrayList<>(List.of(present)));
				all.add(link);
				names.put(link, all);
			}
			names.replaceAll((name, all) -> List.copyOf(all));
			return names;
		}

		private static Properties load() {
			Properties links = new Properties();
			try (InputStream in = TimeZoneNames.class.getResourceAsStream(RESOURCE)) {
				if (in == null) {
					throw new IllegalStateException(
							"%s is missing beside %s: the build makes it in the phase process-resources."
								.formatted(RESOURCE, TimeZoneNames.class.getName()));
				}
				links.load(in);
			}
			catch (IOException ex) {
				throw new UncheckedIOException("Cannot read " + RESOURCE, ex);
			}
			return links;
		}

	}

}
