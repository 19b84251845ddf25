package io.sitestream.site;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.sitestream.platform.Account;
import io.sitestream.platform.Identifier;
import io.sitestream.platform.Preferences;
import io.sitestream.platform.ProblemException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The write model's HTTP edge.
 */
@RestController
@RequestMapping(path = "/api/sites", produces = MediaType.APPLICATION_JSON_VALUE)
class SiteController {

	private static final Pattern ETAG = Pattern.compile("(W/)?\"(\\d{1,18})\"");

	/** What a weak ETag asks for: the comparison is strong, so it never matches. */
	private static final long NEVER = -1;

	private final SiteCommandDesk desk;

	private final SiteStore store;

	SiteController(SiteCommandDesk desk, SiteStore store) {
		this.desk = desk;
		this.store = store;
	}

	@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
	CompletableFuture<ResponseEntity<Object>> create(@RequestBody SiteRequests.CreateSite body, Account account,
			@RequestHeader HttpHeaders headers) {
		String siteId = (body.siteId() != null) ? body.siteId() : UUID.randomUUID().toString();
		return submit(account, siteId, body.change(), headers);
	}

	@GetMapping("/{siteId}")
	ResponseEntity<SiteMetadata> get(@PathVariable String siteId) {
		Identifier.PLAIN.require("siteId", siteId);
		SiteMetadata site = this.store.find(siteId)
			.orElseThrow(() -> new ProblemException(HttpStatus.NOT_FOUND, "unknown-site",
					"Site '%s' does not exist.".formatted(siteId)));
		return ResponseEntity.ok().eTag("\"" + site.version() + "\"").body(site);
	}

	@PutMapping(path = "/{siteId}", consumes = MediaType.APPLICATION_JSON_VALUE)
	CompletableFuture<ResponseEntity<Object>> replace(@PathVariable String siteId,
			@RequestBody SiteRequests.ReplaceSite body, Account account, @RequestHeader HttpHeaders headers) {
		return submit(account, siteId, body.change(), headers);
	}

	@DeleteMapping("/{siteId}")
	CompletableFuture<ResponseEntity<Object>> delete(@PathVariable String siteId, Account account,
			@RequestHeader HttpHeaders headers) {
		return submit(account, siteId, new SiteChange.Delete(), headers);
	}

	@PutMapping(path = "/{siteId}/apps/{appId}", consumes = MediaType.APPLICATION_JSON_VALUE)
	CompletableFuture<ResponseEntity<Object>> putApp(@PathVariable String siteId, @PathVariable String appId,
			@RequestBody SiteRequests.PutApp body, Account account, @RequestHeader HttpHeaders headers) {
		return submit(account, siteId, body.change(appId), headers);
	}

	@DeleteMapping("/{siteId}/apps/{appId}")
	CompletableFuture<ResponseEntity<Object>> removeApp(@PathVariable String siteId, @PathVariable String appId,
			Account account, @RequestHeader HttpHeaders headers) {
		return submit(account, siteId, new SiteChange.RemoveApp(Identifier.PLAIN.require("appId", appId)), headers);
	}

	private CompletableFuture<ResponseEntity<Object>> submit(Account account, String siteId, SiteChange change,
			HttpHeaders headers) {
		Identifier.PLAIN.require("siteId", siteId);
		return this.desk.submit(new SiteCommandDesk.Wish(account, siteId, change, expectedVersion(headers),
				headers.getFirst("Idempotency-Key"),
				Preferences.parse(headers.getOrDefault(Preferences.HEADER, List.of()))));
	}

	/**
	 * The version that {@code If-Match} asks for; {@code *} asks for none in particular,
	 * and a site that does not exist is answered with 404 anyway.
	 */
	private static @Nullable Long expectedVersion(HttpHeaders headers) {
		String value = headers.getFirst(HttpHeaders.IF_MATCH);
		if (value == null || value.trim().equals("*")) {
			return null;
		}
		Matcher matcher = ETAG.matcher(value.trim());
		if (!matcher.matches()) {
			throw new ProblemException(HttpStatus.BAD_REQUEST, "invalid-if-match",
					"If-Match: %s is not allowed: expected * or one ETag of the site, as \"3\".".formatted(value));
		}
		return (matcher.group(1) != null) ? NEVER : Long.parseLong(matcher.group(2));
	}

}
