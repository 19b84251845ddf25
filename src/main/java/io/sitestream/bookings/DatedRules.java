package io.sitestream.bookings;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;

import org.jspecify.annotations.Nullable;

/**
 * What the clocks of a zone show over time: what an override says while it holds, and the
 * JDK's rules before it begins and after it has ended.
 *
 * @param rules the JDK's rules
 * @param override the override, or {@code null}
 */
record DatedRules(ZoneRules rules, @Nullable TimeZoneOverride override) {

	static DatedRules of(TimeZoneInUse zone) {
		return new DatedRules(ZoneId.of(zone.zone()).getRules(), zone.override());
	}

	boolean isOverridden(Instant at) {
		return this.override != null && this.override.holds(at);
	}

	/**
	 * The rules that hold at an instant, as if they always did.
	 * @param at when
	 * @return the rules
	 */
	OffsetRules at(Instant at) {
		return new OffsetRules(this.rules, isOverridden(at) ? this.override : null);
	}

	ZoneOffset offset(Instant at) {
		return at(at).offset(at);
	}

	/**
	 * When the offset changes next: within the rules that hold, or because the override
	 * begins or ends. An override that says what the rules say changes nothing when it
	 * does.
	 * @param now after when
	 * @return the instant, or {@code null} if no change is foreseen
	 */
	@Nullable Instant nextTransition(Instant now) {
		Instant at = now;
		while (true) {
			OffsetRules rules = at(at);
			Instant next = rules.nextTransition(at);
			Instant boundary = nextBoundary(at);
			if (boundary == null || (next != null && next.isBefore(boundary))) {
				return next;
			}
			if (!offset(boundary).equals(rules.offset(boundary.minusNanos(1)))) {
				return boundary;
			}
			at = boundary;
		}
	}

	private @Nullable Instant nextBoundary(Instant at) {
		if (this.override == null) {
			return null;
		}
		Instant from = this.override.from();
		if (from != null && from.isAfter(at)) {
			return from;
		}
		Instant until = this.override.until();
		return (until != null && until.isAfter(at)) ? until : null;
	}

}
