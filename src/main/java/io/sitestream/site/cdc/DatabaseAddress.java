package io.sitestream.site.cdc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

import io.sitestream.platform.RefusedStartException;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * Where the database is, for connections that stay open and belong to no pool.
 *
 * @param url the JDBC URL
 * @param user the user, unless the URL names it
 * @param password the password
 */
record DatabaseAddress(String url, @Nullable String user, @Nullable String password) {

	Connection connect() throws SQLException {
		Properties properties = new Properties();
		properties.setProperty("ApplicationName", "sitestream-cdc");
		properties.setProperty("connectTimeout", "5");
		properties.setProperty("socketTimeout", "75");
		if (this.user != null) {
			properties.setProperty("user", this.user);
		}
		if (this.password != null) {
			properties.setProperty("password", this.password);
		}
		return DriverManager.getConnection(this.url, properties);
	}

	/**
	 * The address in the words of Debezium, parameters of the URL included.
	 * @return properties that begin with {@code database.}
	 */
	Properties forDebezium() {
		Properties parsed = Driver.parseURL(this.url, new Properties());
		if (parsed == null || parsed.getProperty("PGHOST", "").contains(",")) {
			throw new RefusedStartException(
					"spring.datasource.url is '%s': the write path cdc needs a URL of PostgreSQL with one host."
						.formatted(this.url));
		}
		Properties properties = new Properties();
		for (String name : parsed.stringPropertyNames()) {
			properties.setProperty("database." + switch (name) {
				case "PGHOST" -> "hostname";
				case "PGPORT" -> "port";
				case "PGDBNAME" -> "dbname";
				default -> name;
			}, parsed.getProperty(name));
		}
		if (this.user != null) {
			properties.setProperty("database.user", this.user);
		}
		if (this.password != null) {
			properties.setProperty("database.password", this.password);
		}
		return properties;
	}

}
