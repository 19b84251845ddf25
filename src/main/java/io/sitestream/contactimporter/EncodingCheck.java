package io.sitestream.contactimporter;

import io.sitestream.platform.RefusedStartException;

import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Refuses a database that is not in UTF8. PostgreSQL normalizes texts in no other
 * encoding, so that contacts could be imported and never be searched.
 *
 * @see <a href=
 * "https://www.postgresql.org/docs/current/functions-string.html">PostgreSQL,
 * normalize</a>
 */
@Component
class EncodingCheck implements SmartLifecycle {

	private final JdbcClient jdbc;

	private volatile boolean passed;

	EncodingCheck(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	@Override
	public void start() {
		String encoding = this.jdbc.sql("select current_setting('server_encoding')").query(String.class).single();
		if (!"UTF8".equals(encoding)) {
			throw new RefusedStartException(
					"The database has the encoding %s, expected is UTF8: contacts could not be compared. Create one with ENCODING 'UTF8' TEMPLATE template0, and copy what is there with pg_dump."
						.formatted(encoding));
		}
		this.passed = true;
	}

	@Override
	public void stop() {
		this.passed = false;
	}

	@Override
	public boolean isRunning() {
		return this.passed;
	}

	@Override
	public int getPhase() {
		return Integer.MIN_VALUE;
	}

}
