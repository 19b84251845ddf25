package io.sitestream;

import java.util.Map;

import io.sitestream.business.FirstCountries;
import io.sitestream.servers.LocalRunRefusedException;
import io.sitestream.servers.LocalServers;
import io.sitestream.servers.LocalSettings;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The development run, {@code ./mvnw spring-boot:test-run}: hosts a broker, a Redis and a
 * PostgreSQL and runs the application on them in open mode. Whatever
 * {@code sitestream.modules} says, all the servers are there, so that other processes can
 * use them.
 */
final class LocalApplication {

	private static final Map<String, Object> DEFAULTS = Map.of("server.address", "127.0.0.1",
			"sitestream.security.mode", "open", "sitestream.instance-id", "local", "logging.level.io.sitestream",
			"info",
			// after a kill the next run gets the partitions in seconds, not after 45
			"spring.cloud.stream.kafka.binder.consumer-properties.session.timeout.ms", "6000",
			"spring.cloud.stream.kafka.binder.consumer-properties.heartbeat.interval.ms", "2000");

	private LocalApplication() {
	}

	public static void main(String[] args) {
		forgetEmptyProperties();
		try {
			host(args);
			System.out.println(LocalBanner.of(run(args)));
		}
		catch (LocalRunRefusedException ex) {
			System.err.println(ex.getMessage());
			System.exit(1);
		}
		catch (RuntimeException ex) {
			// Spring has said why; the servers' threads would keep the process alive
			System.exit(1);
		}
	}

	private static void host(String[] args) {
		LocalServers servers = LocalServers.of(LocalSettings.of(args));
		servers.awaitTurn();
		LocalSettings.requireFreeHttpPort(args);
		// these run when the application's context has been closed
		SpringApplication.getShutdownHandlers().add(servers::stop);
		servers.start();
		// above environment variables: a shell that names other servers must not divert
		// this run to them
		servers.properties().forEach(System::setProperty);
	}

	private static ConfigurableApplicationContext run(String[] args) {
		SpringApplication application = new SpringApplication(SitestreamApplication.class, FirstCountries.class);
		application.setDefaultProperties(DEFAULTS);
		application.setBannerMode(Banner.Mode.OFF);
		application.setLogStartupInfo(false);
		return application.run(args);
	}

	/**
	 * The build hands every property of this run on, those that nobody has set as empty
	 * ones.
	 */
	private static void forgetEmptyProperties() {
		System.getProperties()
			.stringPropertyNames()
			.stream()
			.filter((name) -> name.startsWith("sitestream.") && System.getProperty(name).isEmpty())
			.toList()
			.forEach(System::clearProperty);
	}

}
