package io.sitestream.site;

import java.net.URI;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.sitestream.platform.Account;
import io.sitestream.platform.ConsistencyToken;
import io.sitestream.platform.Preferences;
import io.sitestream.platform.ProblemException;
import io.sitestream.platform.SecurityMode;
import io.sitestream.platform.SecurityProperties;
import io.sitestream.platform.TimeOrderedIds;
import org.jspecify.annotations.Nullable;

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
		String commandId = commandId(wish);
		SiteCommand command = new SiteCommand(commandId, wish.siteId(),
				(this.security.mode() == SecurityMode.JWT) ? wish.account().id() : null, wish.expectedVersions(),
				wish.change());
		return this.route.submit(command, wish.preferences())
			.thenApply((outcome) -> outcome.map(this::answer).orElseGet(() -> accepted(commandId)));
	}

	private ResponseEntity<Object> answer(SiteCommandOutcome outcome) {
		if (outcome.problem() != null) {
			throw new ProblemException(outcome.problem());
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

	private static ResponseEntity<Object> accepted(String commandId) {
		return ResponseEntity.accepted().location(URI.create("/api/site-commands/" + commandId)).build();
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
	 * @param siteId the site
	 * @param change what should change
	 * @param expectedVersions the site must have one of these versions; {@code null} for
	 * any
	 * @param idempotencyKey the client's name for this command, or {@code null}
	 * @param preferences how long the client waits
	 */
	record Wish(Account account, String siteId, SiteChange change, @Nullable Set<Long> expectedVersions,
			@Nullable String idempotencyKey, Preferences preferences) {

	}

}
