package io.sitestream.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL as a child process. Its user {@value #USER} needs no password and owns the
 * databases made here; logical replication is possible.
 */
public final class LocalPostgres implements LocalServer {

	public static final String USER = "sitestream";

	private final Path folder;

	private final int port;

	private final Map<String, String> settings;

	private @Nullable EmbeddedPostgres server;

	public LocalPostgres(Path folder, int port) {
		this(folder, port, Map.of());
	}

	/**
	 * Describes a server with settings of its own.
	 * @param folder where it keeps its data
	 * @param port where it listens
	 * @param settings of {@code postgresql.conf}, which win over those made here
	 */
	public LocalPostgres(Path folder, int port, Map<String, String> settings) {
		this.settings = settings;
		this.folder = folder.toAbsolutePath();
		this.port = port;
	}

	@Override
	public void start() {
		if (this.server != null) {
			return;
		}
		try {
			Files.createDirectories(this.folder);
			endOrphan();
			Redirect log = Redirect.appendTo(this.folder.resolve("postgres.log").toFile());
			EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
				.setPort(this.port)
				.setDataDirectory(data())
				.setCleanDataDirectory(false)
				.setRegisterShutdownHook(false)
				.setPGStartupWait(Duration.ofSeconds(60))
				.setOutputRedirector(log)
				.setErrorRedirector(log)
				// off by default there, which delays what logical replication sees
				.setServerConfig("synchronous_commit", "on")
				.setServerConfig("wal_level", "logical")
				.setServerConfig("max_replication_slots", "40")
				.setServerConfig("max_wal_senders", "40")
				// every test context has a pool of its own
				.setServerConfig("max_connections", "400");
			this.settings.forEach(builder::setServerConfig);
			EmbeddedPostgres started = builder.start();
			this.server = started;
			orphan().recordFromPidFile();
			execute("SELECT 1 FROM pg_roles WHERE rolname = '%s'".formatted(USER),
					"CREATE ROLE %s LOGIN REPLICATION".formatted(USER));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("PostgreSQL cannot start on port %d, see %s.".formatted(this.port,
					this.folder.resolve("postgres.log")), ex);
		}
	}

	@Override
	public void stop() {
		EmbeddedPostgres running = this.server;
		if (running == null) {
			return;
		}
		try {
			running.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("PostgreSQL on port %d cannot be stopped.".formatted(this.port), ex);
		}
		finally {
			this.server = null;
			endOrphan();
		}
	}

	@Override
	public boolean isRunning() {
		return this.server != null;
	}

	@Override
	public int port() {
		return this.port;
	}

	/**
	 * Makes an empty database unless it is there.
	 * @param name letters, digits and underscores
	 */
	public void createDatabase(String name) {
		execute("SELECT 1 FROM pg_database WHERE datname = '%s'".formatted(name),
				"CREATE DATABASE \"%s\" OWNER %s".formatted(name, USER));
	}

	public void createDatabase(String name, String encoding) {
		execute("SELECT 1 FROM pg_database WHERE datname = '%s'".formatted(name),
				"CREATE DATABASE \"%s\" OWNER %s TEMPLATE template0 ENCODING '%s' LC_COLLATE 'C' LC_CTYPE 'C'"
					.formatted(name, USER, encoding));
	}

	public String url(String database) {
		return "jdbc:postgresql://%s/%s".formatted(address(), database);
	}

	/**
	 * Ends the server that a killed process has left on this folder.
	 * @return whether there was one
	 */
	public boolean endOrphan() {
		return orphan().end();
	}

	private Orphan orphan() {
		return new Orphan(this.folder.resolve("process"), data().resolve("postmaster.pid"), "postgres", data());
	}

	private Path data() {
		return this.folder.resolve("data");
	}

	private void execute(String question, String unlessAnswered) {
		EmbeddedPostgres running = this.server;
		if (running == null) {
			throw new IllegalStateException("PostgreSQL does not run.");
		}
		try (Connection connection = running.getPostgresDatabase().getConnection();
				Statement statement = connection.createStatement()) {
			try (ResultSet found = statement.executeQuery(question)) {
				if (found.next()) {
					return;
				}
			}
			statement.execute(unlessAnswered);
		}
		catch (SQLException ex) {
			throw new IllegalStateException("PostgreSQL refuses: " + unlessAnswered, ex);
		}
	}

}
