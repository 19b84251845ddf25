package io.sitestream.bookings;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class OffsetRulesUnitTests {

	private static final Instant WINTER = Instant.parse("2026-01-15T12:00:00Z");

	private static final Instant SUMMER = Instant.parse("2026-07-15T12:00:00Z");

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			Africa/Juba      | 2026-01-15T12:00:00Z | +02:00 | false | +02:00 | -
			Europe/Berlin    | 2026-01-15T12:00:00Z | +01:00 | true  | +01:00 | 2026-03-29T01:00:00Z
			Europe/Berlin    | 2026-07-15T12:00:00Z | +01:00 | true  | +02:00 | 2026-10-25T01:00:00Z
			Africa/Abidjan   | 2026-01-15T12:00:00Z | +00:00 | false | +00:00 | -
			Asia/Kathmandu   | 2026-01-15T12:00:00Z | +05:45 | false | +05:45 | -
			America/St_Johns | 2026-07-15T12:00:00Z | -03:30 | true  | -02:30 | 2026-11-01T04:30:00Z
			Asia/Kolkata     | 1944-01-01T00:00:00Z | +05:30 | true  | +06:30 | 1945-10-14T17:30:00Z
			Europe/Moscow    | 2012-01-15T12:00:00Z | +04:00 | false | +04:00 | 2014-10-25T22:00:00Z
			""")
	void answerFromTheRulesOfTheJdk(String zone, Instant now, String standard, boolean daylightSaving, String current,
			@Nullable Instant next) {
		assertThat(zone(zone, null).view(now)).isEqualTo(new TimeZoneView(zone, List.of("XY"), standard, daylightSaving,
				current, next, TimeZoneInUse.rulesVersion(zone), false));
	}

	@Test
	void letAnOverrideWithoutDaylightSavingFixTheOffset() {
		TimeZoneView view = zone("Europe/Berlin", new TimeZoneOverride("Europe/Berlin", "+02:00", false)).view(WINTER);

		assertThat(view.standardOffset()).isEqualTo("+02:00");
		assertThat(view.currentOffset()).isEqualTo("+02:00");
		assertThat(view.daylightSaving()).isFalse();
		assertThat(view.nextTransition()).isNull();
		assertThat(view.overridden()).isTrue();
	}

	@Test
	void letAnOverrideWithDaylightSavingKeepDatesAndLocalTimesOfTheChange() {
		TimeZoneInUse zone = zone("Europe/Berlin", new TimeZoneOverride("Europe/Berlin", "+03:00", true));

		assertThat(zone.view(WINTER).currentOffset()).isEqualTo("+03:00");
		assertThat(zone.view(SUMMER).currentOffset()).isEqualTo("+04:00");
		assertThat(zone.view(WINTER).daylightSaving()).isTrue();
		// 02:00 local time, which is 01:00 UTC in Berlin
		assertThat(zone.view(WINTER).nextTransition()).isEqualTo("2026-03-28T23:00:00Z");
		assertThat(zone.offset(Instant.parse("2026-03-28T22:59:59Z"))).hasToString("+03:00");
		assertThat(zone.offset(Instant.parse("2026-03-28T23:00:00Z"))).hasToString("+04:00");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Tokyo" })
	void agreeWithTheJdkWhenAnOverrideSaysWhatTheRulesSay(String id) {
		Instant now = WINTER;
		String standard = TimeZoneView.format(ZoneId.of(id).getRules().getStandardOffset(now));
		TimeZoneInUse same = zone(id, new TimeZoneOverride(id, standard, true));
		for (int day = 0; day < 365; day++) {
			Instant at = now.plusSeconds(day * 86_400L);
			assertThat(same.offset(at)).isEqualTo(ZoneId.of(id).getRules().getOffset(at));
			assertThat(same.view(at).nextTransition()).isEqualTo(zone(id, null).view(at).nextTransition());
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			# the override of Berlin: +02:00 without daylight saving from 2027-02-01 until 2029-06-01, both 00:00 UTC
			Europe/Berlin | 1990-07-15T12:00:00Z | +01:00 | true  | +02:00 | 1990-09-30T01:00:00Z | false
			Europe/Berlin | 2026-07-15T12:00:00Z | +01:00 | true  | +02:00 | 2026-10-25T01:00:00Z | false
			Europe/Berlin | 2026-10-25T01:00:00Z | +01:00 | true  | +01:00 | 2027-02-01T00:00:00Z | false
			Europe/Berlin | 2027-01-31T23:59:59Z | +01:00 | true  | +01:00 | 2027-02-01T00:00:00Z | false
			# in summer the rules say what the override says, so its end changes nothing
			Europe/Berlin | 2027-02-01T00:00:00Z | +02:00 | false | +02:00 | 2029-10-28T01:00:00Z | true
			Europe/Berlin | 2029-05-31T23:59:59Z | +02:00 | false | +02:00 | 2029-10-28T01:00:00Z | true
			Europe/Berlin | 2029-06-01T00:00:00Z | +01:00 | true  | +02:00 | 2029-10-28T01:00:00Z | false
			Africa/Juba   | 2027-01-31T23:59:59Z | +02:00 | false | +02:00 | -                    | false
			Africa/Juba   | 2028-01-01T00:00:00Z | +02:00 | false | +02:00 | -                    | true
			Asia/Tokyo    | 2026-12-01T00:00:00Z | +09:00 | false | +09:00 | 2027-02-01T00:00:00Z | false
			Asia/Tokyo    | 2027-02-01T00:00:00Z | +02:00 | false | +02:00 | 2029-06-01T00:00:00Z | true
			Asia/Tokyo    | 2029-06-01T00:00:00Z | +09:00 | false | +09:00 | -                    | false
			""")
	void holdBeforeAnOverrideBeginsAndAfterItHasEnded(String zone, Instant now, String standard, boolean daylightSaving,
			String current, @Nullable Instant next, boolean overridden) {
		TimeZoneOverride override = new TimeZoneOverride(zone, "+02:00", false, Instant.parse("2027-02-01T00:00:00Z"),
				Instant.parse("2029-06-01T00:00:00Z"));

		assertThat(zone(zone, override).view(now)).isEqualTo(new TimeZoneView(zone, List.of("XY"), standard,
				daylightSaving, current, next, TimeZoneInUse.rulesVersion(zone), overridden));
	}

	@Test
	void holdBeforeAnOverrideWithDaylightSavingBegins() {
		TimeZoneInUse zone = zone("Europe/Berlin",
				new TimeZoneOverride("Europe/Berlin", "+03:00", true, Instant.parse("2026-05-01T00:00:00Z"), null));

		assertThat(zone.offset(Instant.parse("2026-04-30T23:59:59Z"))).hasToString("+02:00");
		assertThat(zone.offset(Instant.parse("2026-05-01T00:00:00Z"))).hasToString("+04:00");
		assertThat(zone.view(Instant.parse("2026-04-30T23:59:59Z")).nextTransition()).isEqualTo("2026-05-01T00:00:00Z");
		assertThat(zone.view(SUMMER).nextTransition()).isEqualTo("2026-10-24T23:00:00Z");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-",
			textBlock = """
					2027-02-01T00:00:00Z    | 2027-02-01T00:00:00Z | until is '2027-02-01T00:00:00Z': expected an instant after from, which is '2027-02-01T00:00:00Z'.
					-                       | +10000-01-01T00:00:00Z | until is '+10000-01-01T00:00:00Z': expected an instant from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z.
					-1000000000-01-01T00:00:00Z | - | from is '-1000000000-01-01T00:00:00Z': expected an instant from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z.
					""")
	void refuseAnOverrideThatNeverHoldsOrBeginsOutsideOfHistory(@Nullable Instant from, @Nullable Instant until,
			String message) {
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> new TimeZoneOverride("Africa/Juba", "+03:00", false, from, until))
			.withMessage(message);
	}

	@ParameterizedTest
	@ValueSource(strings = { "+2:00", "+19:00", "+18:01", "02:00", "Z", "+02:60", "" })
	void refuseAnOffsetOfAnotherForm(String offset) {
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> new TimeZoneOverride("Africa/Juba", offset, false))
			.withMessage("standardOffset is '%s': expected ±hh:mm from -18:00 to +18:00, as +02:00.", offset);
	}

	@Test
	void refuseAZoneThatTheJdkDoesNotKnow() {
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> zone("Africa/Atlantis", null))
			.withMessage("Zone 'Africa/Atlantis' is not in the tz database of this JDK.");
	}

	private static TimeZoneInUse zone(String id, @Nullable TimeZoneOverride override) {
		return new TimeZoneInUse(id, List.of("XY"), "2026a", override);
	}

}
