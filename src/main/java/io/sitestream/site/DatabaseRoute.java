package io.sitestream.site;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.sitestream.platform.Preferences;
import io.sitestream.platform.ProblemException;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionException;

/**
 * Write path {@code cdc}: carries a command out at once, in one database transaction on
 * the request's thread. A 202 before its commit would promise what a crash could break;
 * so a client that would rather not wait, RFC 7240 leaves that to the server, waits for
 * these milliseconds too.
 */
final class DatabaseRoute implements CommandRoute {

	/**
	 * How long commands that were disturbed by others are tried again.
	 */
	private static final Duration PERSISTENCE = Duration.ofSeconds(3);

	private final SiteCommands commands;

	DatabaseRoute(SiteCommands commands) {
		this.commands = commands;
	}

	@Override
	public CompletableFuture<Optional<SiteCommandOutcome>> submit(SiteCommand command, Preferences preferences) {
		SiteCommandOutcome outcome = carryOut(command);
		return CompletableFuture.completedFuture(preferences.respondAsync() ? Optional.empty() : Optional.of(outcome));
	}

	private SiteCommandOutcome carryOut(SiteCommand command) {
		long deadline = System.nanoTime() + PERSISTENCE.toNanos();
		while (true) {
			try {
				return this.commands.on(command);
			}
			catch (ConcurrencyFailureException ex) {
				if (System.nanoTime() > deadline) {
					throw unavailable(
							"Others hold the site or the instance for too long. Nothing was changed: try again.", ex);
				}
			}
			catch (CannotCreateTransactionException ex) {
				throw unavailable("PostgreSQL does not answer. Nothing was changed: try again.", ex);
			}
			catch (DataIntegrityViolationException ex) {
				throw ex;
			}
			catch (DataAccessException | TransactionException ex) {
				throw unavailable(
						"PostgreSQL went away. The change may still have been made: look before you repeat, or repeat with the same Idempotency-Key.",
						ex);
			}
		}
	}

	private static ProblemException unavailable(String detail, Exception cause) {
		return new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, "database-unavailable", detail, cause);
	}

}
