package io.sitestream.bookings;

import java.time.ZoneOffset;

/**
 * A government's change ahead of the tz database.
 *
 * @param zone the zone's id
 * @param standardOffset the offset from UTC outside of daylight saving, as {@code +02:00}
 * @param daylightSaving whether the clocks still change, at the dates and local times at
 * which the tz database lets them
 */
public record TimeZoneOverride(String zone, String standardOffset, boolean daylightSaving) {

	public TimeZoneOverride {
		if (zone == null || zone.isBlank()) {
			throw new IllegalArgumentException("The zone of an override is missing.");
		}
		if (!isOffset(standardOffset)) {
			throw new IllegalArgumentException(
					"standardOffset is '%s': expected ±hh:mm from -18:00 to +18:00, as +02:00."
						.formatted(standardOffset));
		}
	}

	static boolean isOffset(String text) {
		return text != null && text.matches("[+-](0\\d|1[0-7]):[0-5]\\d|[+-]18:00");
	}

	/**
	 * The same change under another name of the zone.
	 * @param name the name
	 * @return the override
	 */
	TimeZoneOverride on(String name) {
		return new TimeZoneOverride(name, this.standardOffset, this.daylightSaving);
	}

	ZoneOffset offset() {
		return ZoneOffset.of(this.standardOffset);
	}

}
