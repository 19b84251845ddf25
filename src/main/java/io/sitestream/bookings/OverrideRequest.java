package io.sitestream.bookings;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import io.sitestream.platform.ProblemException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * What a client says of a zone.
 *
 * @param standardOffset the offset outside of daylight saving, as {@code +02:00}
 * @param daylightSaving whether the clocks still change; absent for no
 * @param from when the change begins; absent for the beginning of the override that is
 * there, else for now
 * @param until when it ends; absent for never
 */
record OverrideRequest(@Nullable String standardOffset, @Nullable Boolean daylightSaving, @Nullable String from,
		@Nullable String until) {

	/**
	 * The override that this makes.
	 * @param zone the zone
	 * @param now the present
	 * @return the override
	 * @throws ProblemException 400 {@code invalid-override} if it makes no sense
	 */
	TimeZoneOverride of(TimeZoneInUse zone, Instant now) {
		try {
			return new TimeZoneOverride(zone.zone(), String.valueOf(this.standardOffset),
					Boolean.TRUE.equals(this.daylightSaving),
					(this.from != null) ? instant("from", this.from) : beginning(zone.override(), now),
					(this.until != null) ? instant("until", this.until) : null);
		}
		catch (IllegalArgumentException ex) {
			throw invalid(String.valueOf(ex.getMessage()));
		}
	}

	/**
	 * Judges what can be judged without knowing the zone.
	 * @throws ProblemException 400 {@code invalid-override} if it makes no sense anywhere
	 */
	void requireOffset() {
		try {
			TimeZoneOverride.requireOffset(this.standardOffset);
		}
		catch (IllegalArgumentException ex) {
			throw invalid(String.valueOf(ex.getMessage()));
		}
	}

	static ProblemException invalid(String detail) {
		return new ProblemException(HttpStatus.BAD_REQUEST, "invalid-override", detail);
	}

	private static @Nullable Instant beginning(@Nullable TimeZoneOverride present, Instant now) {
		return (present != null) ? present.from() : now.truncatedTo(ChronoUnit.SECONDS);
	}

	private static Instant instant(String name, String text) {
		try {
			return Instant.parse(text);
		}
		catch (DateTimeException ex) {
			throw invalid(
					"%s is '%s': expected an instant of ISO 8601, as 2027-01-31T22:00:00Z.".formatted(name, text));
		}
	}

}
