package io.sitestream.site;

import io.sitestream.platform.Problem;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * What came of a command. It stays the same however often the command is repeated.
 *
 * @param commandId the command
 * @param siteId the site
 * @param status the HTTP status that answers it
 * @param version the site's version after it; the present one if a precondition failed,
 * {@code null} if it was refused otherwise
 * @param site the site after it, or {@code null} if it was refused or deleted the site
 * @param problem why it was refused, or {@code null}
 * @param fingerprint that of its request; {@code null} without an idempotency key, and in
 * what older releases wrote
 */
record SiteCommandOutcome(String commandId, String siteId, int status, @Nullable Long version,
		@Nullable SiteMetadata site, @Nullable Problem problem, @Nullable String fingerprint) {

	SiteCommandOutcome(String commandId, String siteId, int status, @Nullable Long version, @Nullable SiteMetadata site,
			@Nullable Problem problem) {
		this(commandId, siteId, status, version, site, problem, null);
	}

	/**
	 * What comes of a command whose id, made of an idempotency key, names another one.
	 * @param command the command, which is not carried out
	 * @return its outcome
	 */
	static SiteCommandOutcome ofReusedKey(SiteCommand command) {
		return new SiteCommandOutcome(command.commandId(), command.siteId(), HttpStatus.UNPROCESSABLE_CONTENT.value(),
				null, null, reusedKey(), command.fingerprint());
	}

	static Problem reusedKey() {
		return Problem.of(HttpStatus.UNPROCESSABLE_CONTENT, "idempotency-key-reused",
				"This Idempotency-Key came before with another method, path, precondition or body, and nothing was done now: repeat that request as it was, or take another key.");
	}

	/**
	 * Whether this is the outcome of a request. What older releases wrote may be that of
	 * any.
	 * @param request the request's fingerprint
	 * @return whether it is not known to be another's
	 */
	boolean isOf(@Nullable String request) {
		return this.fingerprint == null || request == null || this.fingerprint.equals(request);
	}

	/**
	 * The site after a command that was not refused.
	 * @return the site, whose metadata are missing if it was deleted
	 */
	Site after() {
		return new Site(this.siteId, (this.version != null) ? this.version : 0, this.site);
	}

}
