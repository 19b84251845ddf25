package io.sitestream.site;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import io.sitestream.platform.Account;
import io.sitestream.platform.Identifier;
import io.sitestream.platform.Preconditions;
import io.sitestream.platform.Preferences;
import io.sitestream.platform.ProblemException;

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

	private final SiteCommandDesk desk;

	private final SiteStore store;

	SiteController(SiteCommandDesk desk, SiteStore store) {
		this.desk = desk;
		this.store = store;
	}

	@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
	CompletableFuture<ResponseEntity<Object>> create(@RequestBody SiteRequests.CreateSite body, Account account,
			Preconditions preconditions, @RequestHeader HttpHeaders headers) {
		String siteId = (body.siteId() != null) ? body.siteId() : UUID.randomUUID().toString();
		String target = "POST /api/sites" + ((body.siteId() != null) ? " " + siteId : "");
		return submit(account, target, siteId, body.change(), preconditions, headers);
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
			@RequestBody SiteRequests.ReplaceSite body, Account account, Preconditions preconditions,
			@RequestHeader HttpHeaders headers) {
		return submit(account, "PUT /api/sites/" + siteId, siteId, body.change(), preconditions, headers);
	}

	@DeleteMapping("/{siteId}")
	CompletableFuture<ResponseEntity<Object>> delete(@PathVariable String siteId, Account account,
			Preconditions preconditions, @RequestHeader HttpHeaders headers) {
		return submit(account, "DELETE /api/sites/" + siteId, siteId, new SiteChange.Delete(), preconditions, headers);
	}

	@PutMapping(path = "/{siteId}/apps/{appId}", consumes = MediaType.APPLICATION_JSON_VALUE)
	CompletableFuture<ResponseEntity<Object>> putApp(@PathVariable String siteId, @PathVariable String appId,
			@RequestBody SiteRequests.PutApp body, Account account, Preconditions preconditions,
			@RequestHeader HttpHeaders headers) {
		return submit(account, "PUT /api/sites/%s/apps/%s".formatted(siteId, appId), siteId, body.change(appId),
				preconditions, headers);
	}

	@DeleteMapping("/{siteId}/apps/{appId}")
	CompletableFuture<ResponseEntity<Object>> removeApp(@PathVariable String siteId, @PathVariable String appId,
			Account account, Preconditions preconditions, @RequestHeader HttpHeaders headers) {
		SiteChange change = new SiteChange.RemoveApp(Identifier.PLAIN.require("appId", appId));
		return submit(account, "DELETE /api/sites/%s/apps/%s".formatted(siteId, appId), siteId, change, preconditions,
				headers);
	}

	private CompletableFuture<ResponseEntity<Object>> submit(Account account, String target, String siteId,
			SiteChange change, Preconditions preconditions, HttpHeaders headers) {
		Identifier.PLAIN.require("siteId", siteId);
		return this.desk.submit(new SiteCommandDesk.Wish(account, target, siteId, change, preconditions,
				headers.getFirst("Idempotency-Key"),
				Preferences.parse(headers.getOrDefault(Preferences.HEADER, List.of()))));
	}

}
