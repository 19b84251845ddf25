package io.sitestream.bookings;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A time zone as the API answers it.
 *
 * @param zone the zone's id
 * @param countries the codes of the supported countries that use it, ascending
 * @param standardOffset the offset from UTC outside of daylight saving, as {@code +02:00}
 * @param daylightSaving whether the zone observes daylight saving at all at present
 * @param currentOffset the offset from UTC now
 * @param nextTransition when the offset changes next, by the rules or because an override
 * begins or ends, or {@code null} if that is not foreseen
 * @param rulesVersion the version of the tz database that this answer was computed with
 * @param overridden whether an override holds now
 */
public record TimeZoneView(String zone, List<String> countries, String standardOffset, boolean daylightSaving,
		String currentOffset, @Nullable Instant nextTransition, String rulesVersion, boolean overridden) {

	private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("xxxxx");

	/**
	 * An offset as ISO 8601 has it in numbers.
	 * @param offset the offset
	 * @return hours and minutes, and seconds if there are any; {@code +00:00} for UTC
	 */
	public static String format(ZoneOffset offset) {
		return OFFSET.format(offset);
	}

}
