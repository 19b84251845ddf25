package io.sitestream.bookings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Names of time zones that others give.
 */
public final class NamedZones {

	private NamedZones() {
	}

	/**
	 * What a browser with V8 may say of its user's zone.
	 * @return the names
	 * @throws IOException never
	 */
	public static List<String> ofV8() throws IOException {
		return lines("time-zones-of-v8.txt");
	}

	/**
	 * The links of the tz database.
	 * @return the zones by their other names
	 * @throws IOException never
	 */
	static Map<String, String> linksOfTz() throws IOException {
		return lines("tz-links.txt").stream()
			.map((line) -> line.split(" "))
			.collect(Collectors.toMap((names) -> names[1], (names) -> names[0]));
	}

	private static List<String> lines(String resource) throws IOException {
		try (InputStream in = Objects.requireNonNull(NamedZones.class.getResourceAsStream(resource))) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
				.filter((line) -> !line.startsWith("#"))
				.toList();
		}
	}

}
