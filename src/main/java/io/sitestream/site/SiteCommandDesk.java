package io.sitestream.site;

import java.net.URI;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;

import io.sitestream.platform.Account;
import io.sitestream.platform.ConsistencyToken;
import io.sitestream.platform.Preconditions;
import io.sitestream.platform.Preferences;
import io.sitestream.platform.Problem;
import io.sitestream.platform.ProblemException;
import io.sitestream.platform.SecurityMode;
import io.sitestream.platform.SecurityProperties;
import io.sitestream.platform.TimeOrderedIds;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/**
 * Takes commands from requests, hands them on and answers with what comes of them.
 */
@Component
class SiteCommandDesk {

	/** Sites, as consistency tokens call them. */
	static final String RESOURCE = "sites";

	private static final int LONGEST_KEY = 128;

	private final CommandRoute route;

	private final SecurityProperties security;

	private final TimeOrderedIds ids;

	private final Clock clock;

	SiteCommandDesk(CommandRoute route, SecurityProperties security, TimeOrderedIds ids, Clock clock) {
		this.route = route;
		this.security = security;
		this.ids = ids;
		this.clock = clock;
	}

	/**
	 * Submits a command.
	 * @param wish who wants what
	 * @return the answer: the outcome, or 202 when it did not come in time
	 */
	CompletableFuture<ResponseEntity<Object>> submit(Wish wish) {
		String fingerprint = (wish.idempotencyKey() != null)
				? RequestFingerprint.of(wish.target(), wish.preconditions(), wish.change()) : null;
		SiteCommand command = SiteCommand.of(commandId(wish), wish.siteId(),
				(this.security.mode() == SecurityMode.JWT) ? wish.account().id() : null, wish.change(),
				wish.preconditions(), fingerprint);
		return this.route.submit(command, wish.preferences())
			.thenApply((outcome) -> outcome.map(this::answer).orElseGet(() -> accepted(command)));
	}

	private ResponseEntity<Object> answer(SiteCommandOutcome outcome) {
		if (outcome.problem() != null) {
			throw refusal(outcome, outcome.problem());
		}
		long version = (outcome.version() != null) ? outcome.version() : 0;
		ResponseEntity.BodyBuilder answer = ResponseEntity.status(outcome.status())
			.eTag("\"" + version + "\"")
			.header(ConsistencyToken.HEADER,
					new ConsistencyToken(RESOURCE, outcome.siteId(), version, this.clock.instant()).encode());
		if (outcome.status() == HttpStatus.NO_CONTENT.value()) {
			return answer.build();
		}
		if (outcome.status() == HttpStatus.CREATED.value()) {
			answer.location(URI.create("/api/sites/" + outcome.siteId()));
		}
		return answer.body(outcome.site());
	}

	private static ProblemException refusal(SiteCommandOutcome outcome, Problem problem) {
		ProblemException refusal = new ProblemException(problem);
		return (outcome.version() != null) ? refusal.withHeader(HttpHeaders.ETAG, "\"%d\"".formatted(outcome.version()))
				: refusal;
	}

	private static ResponseEntity<Object> accepted(SiteCommand command) {
		String name = CommandId.asAskedFor(command.commandId(), command.fingerprint());
		return ResponseEntity.accepted().location(URI.create("/api/site-commands/" + name)).build();
	}

	private String commandId(Wish wish) {
		String key = wish.idempotencyKey();
		if (key == null) {
			return CommandId.next(this.ids);
		}
		if (key.isBlank() || key.length() > LONGEST_KEY) {
			throw new ProblemException(HttpStatus.BAD_REQUEST, "invalid-idempotency-key",
					"Idempotency-Key has %d characters: allowed are 1 to %d.".formatted(key.length(), LONGEST_KEY));
		}
		return CommandId.of(wish.account().id(), key);
	}

	/**
	 * What a request wants.
	 *
	 * @param account on whose account
	 * @param target the request's method, its path, and the site that its body names, if
	 * any
	 * @param siteId the site
	 * @param change what should change
	 * @param preconditions what must hold
	 * @param idempotencyKey the client's name for this command, or {@code null}
	 * @param preferences how long the client waits
	 */
	record Wish(Account account, String target, String siteId, SiteChange change, Preconditions preconditions,
			@Nullable String idempotencyKey, Preferences preferences) {

	}

}
