package io.sitestream;

import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.modulith.core.ApplicationModule;
import org.springframework.modulith.core.ApplicationModules;

import static org.assertj.core.api.Assertions.assertThat;

class ModularityTests {

	private final ApplicationModules modules = ApplicationModules.of(SitestreamApplication.class);

	@Test
	void modulesDependOnlyOnWhatTheyAreAllowedTo() {
		this.modules.verify();
	}

	@Test
	void theModulesAreThoseOfTheDesign() {
		assertThat(this.modules.stream().map((module) -> module.getIdentifier().toString())).containsExactlyInAnyOrder(
				"site", "projection", "appswriter", "appsreader", "notification", "kvstore", "contactjobs",
				"contactimporter", "business", "bookings", "ticketing", "platform");
	}

	@Test
	void everyModuleSaysWhichOthersItMayUse() {
		assertThat(this.modules.stream()).allSatisfy((module) -> assertThat(declared(module)).isTrue());
	}

	private static boolean declared(ApplicationModule module) {
		var mark = module.getBasePackage()
			.getAnnotation(org.springframework.modulith.ApplicationModule.class)
			.orElseThrow();
		return !List.of(mark.allowedDependencies()).contains(org.springframework.modulith.ApplicationModule.OPEN_TOKEN);
	}

}
