package io.sitestream.ticketing;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

import io.sitestream.bookings.TimeZoneInUse;
import io.sitestream.bookings.TimeZoneView;

/**
 * What the clocks of a zone show at an instant.
 *
 * @param zone the zone's id
 * @param at the instant
 * @param localTime date and time there, seconds included
 * @param offset the offset from UTC there and then
 */
record LocalTime(String zone, Instant at, String localTime, String offset) {

	static LocalTime of(TimeZoneInUse zone, Instant at) {
		ZoneOffset offset = zone.offset(at);
		return new LocalTime(zone.zone(), at,
				DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(at.atOffset(offset).toLocalDateTime()),
				TimeZoneView.format(offset));
	}

}
