package io.sitestream.servers;

import java.nio.file.Path;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * What one can say about the servers of the development run, below
 * {@code sitestream.dev}.
 *
 * @param services {@code embedded} or {@code containers}
 * @param fresh whether to forget what earlier runs have left
 * @param kafkaPort the port of Kafka
 * @param redisPort the port of Redis
 * @param postgresPort the port of PostgreSQL
 * @param folder where embedded servers keep their data
 */
public record LocalSettings(@DefaultValue("embedded") String services, @DefaultValue("false") boolean fresh,
		@DefaultValue("29092") int kafkaPort, @DefaultValue("26380") int redisPort,
		@DefaultValue("25432") int postgresPort, @DefaultValue(".sitestream") String folder) {

	/**
	 * Reads them, before there is an application, from its arguments, system properties
	 * and environment variables.
	 * @param args the application's arguments
	 * @return the settings
	 * @throws LocalRunRefusedException if a value has not the form it must have
	 */
	public static LocalSettings of(String... args) {
		StandardEnvironment environment = environment(args);
		try {
			return Binder.get(environment).bindOrCreate("sitestream.dev", LocalSettings.class);
		}
		catch (BindException ex) {
			ConfigurationPropertyName name = ex.getName();
			throw new LocalRunRefusedException(
					"%s is '%s': expected is %s.".formatted(name, environment.getProperty(name.toString()),
							name.toString().endsWith("port") ? "a port" : "true or false"));
		}
	}

	/**
	 * Refuses the start if the HTTP port is taken, before any server is started.
	 * @param args the application's arguments
	 */
	public static void requireFreeHttpPort(String... args) {
		int port = Binder.get(environment(args)).bind("server.port", Integer.class).orElse(8080);
		requireFree(port, "the application", "server.port");
	}

	static void requireFree(int port, String server, String property) {
		if (port != 0 && !Ports.isFree(port)) {
			throw new LocalRunRefusedException(
					"Port %d, which %s needs, is taken: end what listens there, or choose another port with %s."
						.formatted(port, server, property));
		}
	}

	Path path() {
		return Path.of(this.folder).toAbsolutePath();
	}

	private static StandardEnvironment environment(String... args) {
		StandardEnvironment environment = new StandardEnvironment();
		CommandLinePropertySource<?> arguments = new SimpleCommandLinePropertySource(args);
		environment.getPropertySources().addFirst(arguments);
		return environment;
	}

}
