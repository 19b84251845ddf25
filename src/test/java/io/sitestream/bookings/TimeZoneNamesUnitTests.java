package io.sitestream.bookings;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import com.ibm.icu.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class TimeZoneNamesUnitTests {

	private final CountryZones countryZones = new CountryZones();

	private final Set<String> inUse = Arrays.stream(Locale.getISOCountries())
		.flatMap((country) -> this.countryZones.of(country).stream())
		.collect(Collectors.toSet());

	@Test
	void knowTheZoneOfEveryNameThatV8Gives() throws IOException {
		List<String> names = NamedZones.ofV8();

		assertThat(names).hasSize(418).allSatisfy((name) -> assertThat(zone(name)).isPresent());
		assertThat(names.stream().filter((name) -> !this.inUse.contains(name))).hasSize(19);
	}

	/** ICU keeps some zones apart that the tz database merged, and names theirs. */
	@Test
	void knowTheZoneOfEveryLinkOfTheTzDatabaseThatIsNoZoneOfACountryItself() throws IOException {
		Map<String, String> others = new TreeMap<>(NamedZones.linksOfTz());
		others.keySet().removeAll(this.inUse);
		others.values().removeAll(Set.of("Etc/UTC", "Etc/GMT"));

		assertThat(others).hasSize(131).allSatisfy((link, zone) -> assertThat(zone(link)).hasValue(switch (link) {
			case "Africa/Asmera" -> "Africa/Asmara";
			case "Africa/Timbuktu" -> "Africa/Bamako";
			case "America/Coral_Harbour" -> "America/Atikokan";
			case "America/Virgin" -> "America/St_Thomas";
			case "Antarctica/South_Pole" -> "Antarctica/McMurdo";
			case "Atlantic/Jan_Mayen" -> "Arctic/Longyearbyen";
			case "Iceland" -> "Atlantic/Reykjavik";
			case "Pacific/Ponape" -> "Pacific/Pohnpei";
			case "Pacific/Truk", "Pacific/Yap" -> "Pacific/Chuuk";
			default -> zone;
		}));
	}

	@ParameterizedTest
	@CsvSource({ "Europe/Oslo", "Europe/Copenhagen", "Atlantic/Reykjavik", "Africa/Accra", "Asia/Kuala_Lumpur" })
	void leaveAZoneAloneThatTheTzDatabaseMergedWithThatOfAnotherCountry(String zone) {
		assertThat(this.inUse).contains(zone);
		assertThat(TimeZoneNames.of(zone)).startsWith(zone)
			.noneMatch((name) -> !name.equals(zone) && this.inUse.contains(name));
	}

	@Test
	void agreeWithIcu() {
		assertThat(TimeZone.getAvailableIDs()).filteredOn((id) -> id.contains("/") && !id.equals("Etc/Unknown"))
			.allSatisfy((id) -> assertThat(TimeZoneNames.of(id)).startsWith(TimeZone.getIanaID(id)).contains(id));
	}

	@ParameterizedTest
	@CsvSource({ "Europe/Kyiv", "Europe/Kiev", "Europe/Uzhgorod", "Europe/Zaporozhye" })
	void areTheSameWhicheverOfThemIsGiven(String name) {
		assertThat(TimeZoneNames.of(name)).containsExactly("Europe/Kyiv", "Europe/Kiev", "Europe/Uzhgorod",
				"Europe/Zaporozhye");
	}

	@ParameterizedTest
	@CsvSource({ "Africa/Juba", "Africa/Atlantis", "IST", "''" })
	void areOneWhereThereIsNoOther(String name) {
		assertThat(TimeZoneNames.of(name)).containsExactly(name);
	}

	private Optional<String> zone(String name) {
		return TimeZoneNames.of(name).stream().filter(this.inUse::contains).findFirst();
	}

}
