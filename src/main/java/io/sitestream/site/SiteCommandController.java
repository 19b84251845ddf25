package io.sitestream.site;

import java.time.Clock;
import java.util.Optional;

import io.sitestream.platform.Identifier;
import io.sitestream.platform.Problem;
import io.sitestream.platform.ProblemException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * What came of a command whose outcome nobody waited for.
 */
@RestController
class SiteCommandController {

	private final SiteStore store;

	private final Clock clock;

	SiteCommandController(SiteStore store, Clock clock) {
		this.store = store;
		this.clock = clock;
	}

	@GetMapping("/api/site-commands/{commandId}")
	CommandStatus get(@PathVariable String commandId) {
		Identifier.PLAIN.require("commandId", commandId);
		String id = CommandId.ofName(commandId);
		Optional<SiteCommandOutcome> outcome = this.store.findOutcome(id);
		if (outcome.isEmpty() && CommandId.wasHandedOut(id, this.clock.instant().minus(LedgerRetention.KEPT))) {
			return new CommandStatus(commandId, State.PENDING, null, null, null);
		}
		return outcome.map((known) -> status(commandId, known))
			.orElseThrow(() -> new ProblemException(HttpStatus.NOT_FOUND, "unknown-command",
					"Command '%s' is unknown: expected an id from the Location of a 202 of the last 7 days."
						.formatted(commandId)));
	}

	private static CommandStatus status(String name, SiteCommandOutcome known) {
		boolean isAnothers = !CommandId.isAskedFor(name, known.fingerprint());
		Problem problem = isAnothers ? SiteCommandOutcome.reusedKey() : known.problem();
		return (problem != null) ? new CommandStatus(name, State.REFUSED, problem.status(), null, problem)
				: new CommandStatus(name, State.DONE, known.status(), known.version(), null);
	}

	enum State {

		PENDING, DONE, REFUSED

	}

	/**
	 * A command as the API shows it.
	 *
	 * @param commandId the command
	 * @param state how far it is
	 * @param status the HTTP status that would have answered it
	 * @param version the site's version after it
	 * @param problem why it was refused
	 */
	record CommandStatus(String commandId, State state, @Nullable Integer status, @Nullable Long version,
			@Nullable Problem problem) {

	}

}
