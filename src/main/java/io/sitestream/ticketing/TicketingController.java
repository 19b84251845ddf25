package io.sitestream.ticketing;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;

import io.sitestream.bookings.TimeZoneInUse;
import io.sitestream.bookings.TimeZoneNames;
import io.sitestream.bookings.TimeZoneView;
import io.sitestream.kvstore.KeyValueStore;
import io.sitestream.kvstore.StoreTokens;
import io.sitestream.platform.Items;
import io.sitestream.platform.ProblemException;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Time zones and local times over HTTP, from ticketing's own copy of the time zones.
 */
@RestController
@RequestMapping("/api/ticketing")
class TicketingController {

	private final KeyValueStore<TimeZoneInUse> zones;

	private final StoreTokens tokens;

	private final Clock clock;

	TicketingController(KeyValueStore<TimeZoneInUse> ticketingTimeZoneStore, StoreTokens tokens, Clock clock) {
		this.zones = ticketingTimeZoneStore;
		this.tokens = tokens;
		this.clock = clock;
	}

	@GetMapping("/time-zones")
	Items<TimeZoneView> all(@RequestHeader HttpHeaders headers) {
		this.tokens.await(headers, this.zones);
		Instant now = this.clock.instant();
		return Items.whole(this.zones.all().values().stream().map((zone) -> zone.view(now)).toList());
	}

	@GetMapping("/time-zones/{*zone}")
	TimeZoneView one(@PathVariable String zone, @RequestHeader HttpHeaders headers) {
		this.tokens.await(headers, this.zones);
		return find(zone.replaceFirst("^/", "")).view(this.clock.instant());
	}

	@GetMapping("/local-time")
	LocalTime localTime(@RequestParam String zone, @RequestParam String at, @RequestHeader HttpHeaders headers) {
		Instant instant = instant(at);
		this.tokens.await(headers, this.zones);
		try {
			return LocalTime.of(find(zone), instant);
		}
		catch (DateTimeException ex) {
			throw new ProblemException(HttpStatus.BAD_REQUEST, "invalid-parameter",
					"at is '%s', which has no local time in '%s': expected an instant that is not at the end of all times."
						.formatted(at, zone));
		}
	}

	private TimeZoneInUse find(String zone) {
		return TimeZoneNames.find(this.zones, zone)
			.orElseThrow(() -> new ProblemException(HttpStatus.NOT_FOUND, "unknown-time-zone",
					"Time zone '%s' is unknown: no supported country uses it. %d time zones are loaded.".formatted(zone,
							this.zones.size())));
	}

	private static Instant instant(String text) {
		try {
			return Instant.parse(text);
		}
		catch (DateTimeException ex) {
			throw new ProblemException(HttpStatus.BAD_REQUEST, "invalid-parameter",
					"at is '%s': expected an instant of ISO 8601, as 2026-11-23T12:00:00Z.".formatted(text));
		}
	}

}
