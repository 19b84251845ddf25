package io.sitestream.platform.modules;

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.sitestream.platform.ModuleSelection;
import io.sitestream.platform.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.sitestream.platform.Server.KAFKA;
import static io.sitestream.platform.Server.POSTGRESQL;
import static io.sitestream.platform.Server.REDIS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ModuleSelectorUnitTests {

	private static final String ALL = "appsreader, appswriter, bookings, business, contactimporter, contactjobs, notification, site, ticketing";

	private static final ModuleCatalog CATALOG = new ModuleCatalog(
			Map.of("site", Set.of("applySiteCommands", "settleSiteCommands"), "appswriter",
					Set.of("projectInstalledApps"), "bookings", Set.of("deriveTimeZones", "refreshTimeZones")),
			Map.of("deriveTimeZones", Set.of("refreshTimeZones")));

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", value = { "''                  | " + ALL,
			"*                   | " + ALL, "site                | site", "ticketing,site      | site, ticketing",
			"-site               | appsreader, appswriter, bookings, business, contactimporter, contactjobs, notification, ticketing",
			"*,-site,-ticketing  | appsreader, appswriter, bookings, business, contactimporter, contactjobs, notification",
			"-site,*             | appsreader, appswriter, bookings, business, contactimporter, contactjobs, notification, ticketing",
			"site,appswriter,-site | appswriter", "site,site           | site" })
	void readsNamesStarsAndNamesToLeaveOut(String value, String selected) {
		assertThat(select(value).modules()).containsExactlyInAnyOrder(selected.split(", "));
	}

	@ParameterizedTest
	@CsvSource({ "appreader, appreader", "-sites, sites", "'site,Site', Site", "platform, platform",
			"kvstore, kvstore" })
	void namesTheKnownModulesWhenOneIsUnknown(String value, String unknown) {
		assertThatExceptionOfType(InvalidSelectionException.class).isThrownBy(() -> select(value))
			.withMessage("sitestream.modules has '%s'. Allowed are: %s.".formatted(unknown, ALL));
	}

	@ParameterizedTest
	@CsvSource({ "'site,-site'",
			"'-appsreader,-appswriter,-bookings,-business,-contactimporter,-contactjobs,-notification,-site,-ticketing'" })
	void refusesToRunNothing(String value) {
		assertThatExceptionOfType(InvalidSelectionException.class).isThrownBy(() -> select(value))
			.withMessage("sitestream.modules has '%s', which leaves no module. Allowed are: %s.".formatted(value, ALL));
	}

	@ParameterizedTest
	@CsvSource({ "appsreader, projection", "bookings, kvstore", "contactjobs, kvstore", "site, ''" })
	void bringsTheEnginesThatAModuleNeeds(String module, String engine) {
		ModuleSelection selection = select(module);

		assertThat(selection.engines()).isEqualTo(engine.isEmpty() ? Set.of("platform") : Set.of("platform", engine));
		assertThat(selection.includes(module)).isTrue();
		assertThat(selection.includes("platform")).isTrue();
		assertThat(selection.includes("projection")).isEqualTo(engine.equals("projection"));
	}

	@Test
	void neverDrawsInAnotherFeatureModule() {
		// bookings knows business's records
		assertThat(select("bookings").includes("business")).isFalse();
		assertThat(select("appsreader").includes("appswriter")).isFalse();
	}

	@Test
	void needsTheServersOfItsModules() {
		assertThat(servers("site")).containsExactlyInAnyOrder(KAFKA, POSTGRESQL);
		assertThat(servers("appswriter")).containsExactlyInAnyOrder(KAFKA, REDIS);
		assertThat(servers("appsreader")).containsExactly(REDIS);
		assertThat(servers("contactjobs")).containsExactly(KAFKA);
		assertThat(servers("contactimporter")).containsExactlyInAnyOrder(KAFKA, POSTGRESQL);
		assertThat(servers("notification")).containsExactlyInAnyOrder(KAFKA, REDIS);
		assertThat(servers("business,bookings,ticketing")).containsExactly(KAFKA);
		assertThat(servers("")).containsExactlyInAnyOrder(Server.values());
	}

	@Test
	void takesAllFunctionsOfItsModules() {
		ModuleSelection selection = select("site,bookings");

		assertThat(selection.functions()).containsOnly(Map.entry("applySiteCommands", "site"),
				Map.entry("settleSiteCommands", "site"), Map.entry("deriveTimeZones", "bookings"),
				Map.entry("refreshTimeZones", "bookings"));
		assertThat(selection.leftOut()).isEmpty();
	}

	@Test
	void narrowsTheFunctions() {
		ModuleSelection selection = ModuleSelector.select(CATALOG, List.of("site"), List.of("applySiteCommands"));

		assertThat(selection.functions()).containsOnlyKeys("applySiteCommands");
		assertThat(selection.leftOut()).containsExactly("settleSiteCommands");
		assertThat(selection.modules()).containsExactly("site");
	}

	@Test
	void leavesFunctionsOut() {
		ModuleSelection selection = ModuleSelector.select(CATALOG, List.of("site"), List.of("-applySiteCommands"));

		assertThat(selection.functions()).containsOnlyKeys("settleSiteCommands");
		assertThat(selection.leftOut()).containsExactly("applySiteCommands");
	}

	@Test
	void mayLeaveAllFunctionsOut() {
		ModuleSelection selection = ModuleSelector.select(CATALOG, List.of("site"),
				List.of("-applySiteCommands", "-settleSiteCommands"));

		assertThat(selection.functions()).isEmpty();
	}

	@Test
	void drawsInTheFunctionsThatAChosenOneCannotDoWithout() {
		ModuleSelection selection = ModuleSelector.select(CATALOG, List.of("bookings"), List.of("deriveTimeZones"));

		assertThat(selection.functions()).containsOnlyKeys("deriveTimeZones", "refreshTimeZones");
		assertThat(ModuleSelector.select(CATALOG, List.of("bookings"), List.of("refreshTimeZones")).leftOut())
			.containsExactly("deriveTimeZones");
	}

	@ParameterizedTest
	@CsvSource({ "applySiteCommand", "projectInstalledApps" })
	void namesTheFunctionsThatCanBeChosenWhenOneIsNotAmongThem(String function) {
		assertThatExceptionOfType(InvalidSelectionException.class)
			.isThrownBy(() -> ModuleSelector.select(CATALOG, List.of("site"), List.of(function)))
			.withMessage("sitestream.functions has '%s'. Allowed are: applySiteCommands, settleSiteCommands."
				.formatted(function));
	}

	@Test
	void saysThatTheModulesHaveNoFunctions() {
		assertThatExceptionOfType(InvalidSelectionException.class)
			.isThrownBy(() -> ModuleSelector.select(CATALOG, List.of("appsreader"), List.of("applySiteCommands")))
			.withMessage(
					"sitestream.functions has 'applySiteCommands'. Allowed are: none, since the modules of this process have no functions.");
	}

	private static Set<Server> servers(String modules) {
		return select(modules).servers();
	}

	private static ModuleSelection select(String modules) {
		return ModuleSelector.select(CATALOG, modules.isEmpty() ? List.of() : List.of(modules.split(",")), List.of());
	}

}
