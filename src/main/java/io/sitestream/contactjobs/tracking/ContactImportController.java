package io.sitestream.contactjobs.tracking;

import java.net.URI;
import java.time.Clock;

import io.sitestream.contactjobs.ContactImportEvent.ImportUndoRequested;
import io.sitestream.contactjobs.ContactImportTopics;
import io.sitestream.contactjobs.tracking.ContactImport.State;
import io.sitestream.platform.Account;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Emitter;
import io.sitestream.platform.Identifier;
import io.sitestream.platform.Items;
import io.sitestream.platform.Preconditions;
import io.sitestream.platform.ProblemException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answers about imports, from memory alone, and takes requests to undo them.
 */
@RestController
@RequestMapping("/api/contact-imports")
class ContactImportController {

	private final ContactImports imports;

	private final Emitter emitter;

	private final Clock clock;

	ContactImportController(ContactImports imports, Emitter emitter, Clock clock) {
		this.imports = imports;
		this.emitter = emitter;
		this.clock = clock;
	}

	@GetMapping
	Items<ContactImport> list(Account account, @RequestParam(required = false) @Nullable String after,
			@RequestParam(defaultValue = "100") int limit) {
		Items.requireLimit(limit);
		if (after != null) {
			Identifier.PLAIN.require("after", after);
		}
		return Items.page(this.imports.list(account, after, limit + 1), limit, ContactImport::importId);
	}

	@GetMapping("/{importId}")
	ContactImport get(Account account, @PathVariable String importId) {
		return this.imports.get(account, Identifier.PLAIN.require("importId", importId));
	}

	/**
	 * Asks for an undo. Asking again changes nothing, and helps should a part of it have
	 * been lost.
	 */
	@DeleteMapping("/{importId}")
	ResponseEntity<Void> undo(Account account, @PathVariable String importId, Preconditions preconditions) {
		ContactImport found = get(account, importId);
		preconditions.require("Import '%s'".formatted(importId), true);
		if (found.state() == State.RUNNING) {
			throw new ProblemException(HttpStatus.CONFLICT, "import-running",
					"Import '%s' is still running: it can be undone when it is done.".formatted(importId));
		}
		if (found.state() != State.UNDONE) {
			this.emitter.emit(Emission.of(ContactImportTopics.CONTACT_IMPORT_EVENTS, importId,
					new ImportUndoRequested(importId, this.clock.instant())));
		}
		return ResponseEntity.accepted().location(URI.create("/api/contact-imports/" + importId)).build();
	}

}
