package io.sitestream.platform.web;

import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Health says to everybody whether a process is well, and why not, with hosts, keys and
 * statements in it, only to operators. In mode {@code open} everybody is one. Has the
 * lowest precedence, so that it can be overridden.
 */
class HealthDetails implements EnvironmentPostProcessor, Ordered {

	@Override
	public int getOrder() {
		return ConfigDataEnvironmentPostProcessor.ORDER + 20;
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		boolean open = "open".equalsIgnoreCase(environment.getProperty("sitestream.security.mode", "jwt"));
		environment.getPropertySources()
			.addLast(new MapPropertySource("sitestream health details",
					Map.of("management.endpoint.health.show-details", open ? "always" : "when-authorized",
							"management.endpoint.health.roles",
							SecurityConfiguration.SCOPE_PREFIX + AccessRules.OPERATORS)));
	}

}
