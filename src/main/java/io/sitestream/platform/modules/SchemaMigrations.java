package io.sitestream.platform.modules;

import java.util.Map;

import io.sitestream.platform.ModuleSelection;
import io.sitestream.platform.Server;
import org.flywaydb.core.Flyway;

import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Every module that stores in PostgreSQL has a schema and a migration history of its own,
 * so that a process migrates only what its modules use.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnServer(Server.POSTGRESQL)
class SchemaMigrations {

	private static final Map<String, String> SCHEMAS = Map.of("site", "site", "contactimporter", "contacts");

	@Bean
	FlywayMigrationStrategy moduleByModule(ModuleSelection selection) {
		return (flyway) -> SCHEMAS.forEach((module, schema) -> {
			if (selection.includes(module)) {
				Flyway.configure()
					.configuration(flyway.getConfiguration())
					.locations("classpath:db/migration/" + module, "classpath:db/migration/every")
					.schemas(schema)
					.defaultSchema(schema)
					.load()
					.migrate();
			}
		});
	}

}
