package io.sitestream.bookings;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

import org.jspecify.annotations.Nullable;

/**
 * What the clocks of a zone show: the JDK's rules, or what an override makes of them,
 * whenever it holds ({@link DatedRules}). An override moves the zone to another standard
 * offset. If it keeps daylight saving, the clocks change at the same dates and local
 * times as the rules say.
 *
 * @param rules the JDK's rules
 * @param override the override, or {@code null}
 */
record OffsetRules(ZoneRules rules, @Nullable TimeZoneOverride override) {

	/** Long enough to meet every yearly period of daylight saving. */
	private static final Duration YEAR = Duration.ofDays(366);

	ZoneOffset standardOffset(Instant at) {
		return (this.override != null) ? this.override.offset() : this.rules.getStandardOffset(at);
	}

	ZoneOffset offset(Instant at) {
		if (this.override == null) {
			return this.rules.getOffset(at);
		}
		ZoneOffset standard = this.override.offset();
		if (!this.override.daylightSaving()) {
			return standard;
		}
		Duration saved = this.rules.getDaylightSavings(at.plusSeconds(shift(at)));
		return ZoneOffset.ofTotalSeconds(standard.getTotalSeconds() + (int) saved.toSeconds());
	}

	@Nullable Instant nextTransition(Instant at) {
		if (this.override == null) {
			ZoneOffsetTransition next = this.rules.nextTransition(at);
			return (next != null) ? next.getInstant() : null;
		}
		if (!this.override.daylightSaving()) {
			return null;
		}
		long shift = shift(at);
		ZoneOffsetTransition next = this.rules.nextTransition(at.plusSeconds(shift));
		return (next != null) ? next.getInstant().minusSeconds(shift) : null;
	}

	/**
	 * Whether the zone observes daylight saving at all at present: now, or at some time
	 * in the year that begins now.
	 */
	boolean observesDaylightSaving(Instant now) {
		if (this.override != null && !this.override.daylightSaving()) {
			return false;
		}
		if (this.rules.isDaylightSavings(now)) {
			return true;
		}
		ZoneOffsetTransition next = this.rules.nextTransition(now);
		while (next != null && next.getInstant().isBefore(now.plus(YEAR))) {
			if (this.rules.isDaylightSavings(next.getInstant())) {
				return true;
			}
			next = this.rules.nextTransition(next.getInstant());
		}
		return false;
	}

	/**
	 * By how many seconds the override's standard time is ahead of the rules': the local
	 * time that the rules reach at an instant, the override reaches that much earlier.
	 */
	private long shift(Instant at) {
		int standard = this.rules.getStandardOffset(at).getTotalSeconds();
		return (this.override != null) ? this.override.offset().getTotalSeconds() - standard : 0;
	}

}
