package io.sitestream.bookings;

import java.time.Instant;
import java.time.ZoneOffset;

import org.jspecify.annotations.Nullable;

/**
 * A government's change ahead of the tz database.
 *
 * @param zone the zone's id
 * @param standardOffset the offset from UTC outside of daylight saving, as {@code +02:00}
 * @param daylightSaving whether the clocks still change, at the dates and local times at
 * which the tz database lets them
 * @param from when the change begins, or {@code null} if it holds from the beginning, as
 * those do that were published before there was a beginning
 * @param until the first instant at which it does not hold any more, or {@code null}
 */
public record TimeZoneOverride(String zone, String standardOffset, boolean daylightSaving, @Nullable Instant from,
		@Nullable Instant until) {

	private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

	private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

	public TimeZoneOverride {
		if (zone == null || zone.isBlank()) {
			throw new IllegalArgumentException("The zone of an override is missing.");
		}
		requireOffset(standardOffset);
		requireOrdinary("from", from);
		requireOrdinary("until", until);
		if (from != null && until != null && !until.isAfter(from)) {
			throw new IllegalArgumentException(
					"until is '%s': expected an instant after from, which is '%s'.".formatted(until, from));
		}
	}

	/**
	 * A change that holds for all times.
	 * @param zone the zone's id
	 * @param standardOffset the offset from UTC outside of daylight saving
	 * @param daylightSaving whether the clocks still change
	 */
	public TimeZoneOverride(String zone, String standardOffset, boolean daylightSaving) {
		this(zone, standardOffset, daylightSaving, null, null);
	}

	private static void requireOrdinary(String name, @Nullable Instant instant) {
		if (instant != null && (instant.isBefore(EARLIEST) || instant.isAfter(LATEST))) {
			throw new IllegalArgumentException(
					"%s is '%s': expected an instant from %s to %s.".formatted(name, instant, EARLIEST, LATEST));
		}
	}

	static void requireOffset(@Nullable String text) {
		if (text == null || !text.matches("[+-](0\\d|1[0-7]):[0-5]\\d|[+-]18:00")) {
			throw new IllegalArgumentException(
					"standardOffset is '%s': expected ±hh:mm from -18:00 to +18:00, as +02:00.".formatted(text));
		}
	}

	/**
	 * The same change under another name of the zone.
	 * @param name the name
	 * @return the override
	 */
	TimeZoneOverride on(String name) {
		return new TimeZoneOverride(name, this.standardOffset, this.daylightSaving, this.from, this.until);
	}

	boolean holds(Instant at) {
		return (this.from == null || !at.isBefore(this.from)) && (this.until == null || at.isBefore(this.until));
	}

	ZoneOffset offset() {
		return ZoneOffset.of(this.standardOffset);
	}

}
