package io.sitestream.bookings;

import java.time.ZoneId;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

import com.ibm.icu.util.TimeZone;
import com.ibm.icu.util.TimeZone.SystemTimeZoneType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class CountryZonesUnitTests {

	private final CountryZones zones = new CountryZones();

	static Stream<String> countries() {
		return Arrays.stream(Locale.getISOCountries());
	}

	@ParameterizedTest
	@MethodSource("countries")
	void hasEveryZoneThatIcuHasInItsPresentName(String country) {
		String[] expected = TimeZone.getAvailableIDs(SystemTimeZoneType.CANONICAL_LOCATION, country, null)
			.stream()
			.map(TimeZone::getIanaID)
			.filter(ZoneId.getAvailableZoneIds()::contains)
			.sorted()
			.toArray(String[]::new);

		assertThat(this.zones.of(country)).containsExactly(expected);
	}

	@Test
	void hasNoZonesForUninhabitedIslandsAlone() {
		assertThat(countries().filter((country) -> this.zones.of(country).isEmpty())).containsExactly("BV", "HM");
	}

	@Test
	void leavesNoZoneOutThatIcuKnows() {
		assertThat(countries().flatMap(
				(country) -> TimeZone.getAvailableIDs(SystemTimeZoneType.CANONICAL_LOCATION, country, null).stream())
			.map(TimeZone::getIanaID)).allMatch(ZoneId.getAvailableZoneIds()::contains);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			SS | Africa/Juba
			DE | Europe/Berlin, Europe/Busingen
			CH | Europe/Zurich
			VN | Asia/Ho_Chi_Minh
			UA | Europe/Kyiv, Europe/Simferopol
			NP | Asia/Kathmandu
			ES | Africa/Ceuta, Atlantic/Canary, Europe/Madrid
			PT | Atlantic/Azores, Atlantic/Madeira, Europe/Lisbon
			""")
	void knowsTheZonesOfACountry(String country, String expected) {
		assertThat(this.zones.of(country)).containsExactly(expected.split(", "));
	}

	@Test
	void hasNoneForACountryThatIsNot() {
		assertThat(this.zones.of("XX")).isEmpty();
	}

}
