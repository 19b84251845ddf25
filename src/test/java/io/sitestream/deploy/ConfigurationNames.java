package io.sitestream.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The names of all properties that the application's configuration metadata knows, as
 * environment variables.
 */
final class ConfigurationNames {

	private static final List<String> FILES = List.of("META-INF/spring-configuration-metadata.json",
			"META-INF/additional-spring-configuration-metadata.json");

	/**
	 * Properties with names of the user's own below them, and what the JVM itself reads.
	 */
	private static final List<String> OPEN = List.of("SPRING_KAFKA_PROPERTIES_", "SPRING_SSL_BUNDLE_PEM_");

	private static final Set<String> OTHERS = Set.of("JAVA_TOOL_OPTIONS", "SPRING_CONFIG_ADDITIONAL_LOCATION");

	private final Set<String> names = new HashSet<>();

	ConfigurationNames() {
		try {
			for (String file : FILES) {
				for (URL url : getClass().getClassLoader().resources(file).toList()) {
					try (InputStream in = url.openStream()) {
						for (JsonNode property : new JsonMapper().readTree(in).at("/properties")) {
							this.names.add(uniform(property.at("/name").asString()));
						}
					}
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	boolean know(String variable) {
		return OTHERS.contains(variable) || this.names.contains(uniform(variable))
				|| OPEN.stream().anyMatch(variable::startsWith);
	}

	/** A variable has an underscore for each dot, and may have one for each dash. */
	private static String uniform(String name) {
		return name.replaceAll("[-._]", "").toUpperCase(Locale.ROOT);
	}

}
