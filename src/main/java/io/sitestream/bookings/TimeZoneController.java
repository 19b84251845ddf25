package io.sitestream.bookings;

import java.time.Clock;
import java.time.Instant;
import java.util.List;

import io.sitestream.kvstore.KeyValueStore;
import io.sitestream.kvstore.StoreTokens;
import io.sitestream.platform.ConsistencyToken;
import io.sitestream.platform.Items;
import io.sitestream.platform.Preconditions;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The time zones in use over HTTP. Reads come from memory alone.
 */
@RestController
@RequestMapping("/api/bookings")
class TimeZoneController {

	private final KeyValueStore<TimeZoneInUse> zones;

	private final TimeZoneOverrides overrides;

	private final StoreTokens tokens;

	private final Clock clock;

	TimeZoneController(KeyValueStore<TimeZoneInUse> timeZoneStore, TimeZoneOverrides overrides, StoreTokens tokens,
			Clock clock) {
		this.zones = timeZoneStore;
		this.overrides = overrides;
		this.tokens = tokens;
		this.clock = clock;
	}

	@GetMapping("/time-zones")
	Items<TimeZoneView> all(@RequestParam(required = false) @Nullable String country,
			@RequestHeader HttpHeaders headers) {
		this.tokens.await(headers, this.zones);
		Instant now = this.clock.instant();
		List<TimeZoneView> views = this.zones.all()
			.values()
			.stream()
			.filter((zone) -> country == null || zone.countries().contains(country))
			.map((zone) -> zone.view(now))
			.toList();
		return Items.whole(views);
	}

	@GetMapping("/time-zones/{*zone}")
	TimeZoneView one(@PathVariable String zone, @RequestHeader HttpHeaders headers) {
		String id = id(zone);
		this.tokens.await(headers, this.zones);
		return TimeZoneNames.find(this.zones, id)
			.orElseThrow(() -> this.overrides.unknown(id))
			.view(this.clock.instant());
	}

	@PutMapping("/time-zone-overrides/{*zone}")
	ResponseEntity<TimeZoneView> override(@PathVariable String zone, @RequestBody OverrideRequest body,
			Preconditions preconditions) {
		// another zone is unknown, whatever is demanded of its override
		if (TimeZoneNames.find(this.zones, id(zone)).isPresent()) {
			require(id(zone), preconditions);
		}
		TimeZoneInUse changed = this.overrides.put(id(zone), body);
		return ResponseEntity.ok()
			.header(ConsistencyToken.HEADER, this.tokens.issue(this.zones))
			.body(changed.view(this.clock.instant()));
	}

	@DeleteMapping("/time-zone-overrides/{*zone}")
	ResponseEntity<Void> removeOverride(@PathVariable String zone, Preconditions preconditions) {
		List<String> names = this.overrides.names(id(zone));
		require(id(zone), preconditions);
		this.overrides.delete(names);
		return ResponseEntity.noContent().header(ConsistencyToken.HEADER, this.tokens.issue(this.zones)).build();
	}

	private void require(String zone, Preconditions preconditions) {
		preconditions.require("The override of '%s'".formatted(zone),
				TimeZoneNames.find(this.zones, zone).map(TimeZoneInUse::override).isPresent());
	}

	/** What {@code {*zone}} captures begins with a slash, unless there is nothing. */
	private String id(String captured) {
		if (captured.length() < 2) {
			throw this.overrides.unknown("");
		}
		return captured.substring(1);
	}

}
