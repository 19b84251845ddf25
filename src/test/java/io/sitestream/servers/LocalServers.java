package io.sitestream.servers;

import java.util.Map;

/**
 * All the servers of a development run, whatever the application needs of them.
 */
public interface LocalServers {

	/**
	 * Waits until the run before, if it is ending, has ended and given back its ports.
	 * @throws LocalRunRefusedException if it goes on
	 */
	default void awaitTurn() {
	}

	/**
	 * Starts all and returns when they answer.
	 * @throws LocalRunRefusedException if something outside must be changed first, or a
	 * server cannot start
	 */
	void start();

	void stop();

	/**
	 * Returns where they are.
	 * @return Spring Boot's connection properties
	 */
	Map<String, String> properties();

	static LocalServers of(LocalSettings settings) {
		return switch (settings.services()) {
			case "embedded" -> new EmbeddedServers(settings);
			case "containers" -> new ContainerServers(settings);
			default ->
				throw new LocalRunRefusedException("sitestream.dev.services is '%s'. Allowed are: embedded, containers."
					.formatted(settings.services()));
		};
	}

}
