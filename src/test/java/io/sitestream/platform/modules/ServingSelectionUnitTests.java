package io.sitestream.platform.modules;

import java.util.HashMap;
import java.util.Map;

import io.sitestream.platform.RefusedStartException;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ServingSelectionUnitTests {

	@Test
	void bindsNoFunctionThatIsCalled() {
		assertThat(definition("sitestream.modules", "appswriter")).isEqualTo("projectInstalledApps");
		assertThat(definition("sitestream.modules", "appswriter", "sitestream.serving", "KAFKA"))
			.isEqualTo("projectInstalledApps");
		assertThat(definition("sitestream.modules", "appswriter", "sitestream.serving", "http")).isEmpty();
	}

	@Test
	void refusesAnUnknownWayOfServing() {
		assertThatExceptionOfType(RefusedStartException.class)
			.isThrownBy(() -> definition("sitestream.serving", "https"))
			.withMessageStartingWith("sitestream.serving is 'https'. Allowed are: kafka, http");
	}

	@Test
	void refusesToBeCalledForNothing() {
		assertThatExceptionOfType(RefusedStartException.class)
			.isThrownBy(() -> definition("sitestream.serving", "http", "sitestream.modules", "appsreader"))
			.withMessage(
					"sitestream.serving is 'http', but the modules appsreader leave no function that could be called. Name modules with functions, or say 'kafka'.");
	}

	private static String definition(String... namesAndValues) {
		Map<String, Object> properties = new HashMap<>();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			properties.put(namesAndValues[i], namesAndValues[i + 1]);
		}
		ConfigurableEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
		new ModuleSelectionPostProcessor(new DefaultBootstrapContext()).postProcessEnvironment(environment,
				new SpringApplication());
		return environment.getRequiredProperty("spring.cloud.function.definition");
	}

}
