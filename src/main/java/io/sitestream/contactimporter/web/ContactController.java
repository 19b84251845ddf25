package io.sitestream.contactimporter.web;

import java.io.IOException;

import io.sitestream.contactimporter.ContactEditor;
import io.sitestream.platform.Account;
import io.sitestream.platform.Download;
import io.sitestream.platform.Identifier;
import io.sitestream.platform.Items;
import io.sitestream.platform.Preconditions;
import io.sitestream.platform.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answers about the contacts of the caller's account, and changes them.
 */
@RestController
@RequestMapping("/api/contacts")
class ContactController {

	private final ContactQueries contacts;

	private final ContactEditor editor;

	private final ContactExport export;

	ContactController(ContactQueries contacts, ContactEditor editor, ContactExport export) {
		this.contacts = contacts;
		this.editor = editor;
		this.export = export;
	}

	@GetMapping
	Items<ContactView> list(Account account, @RequestParam(defaultValue = "") String q,
			@RequestParam(required = false) @Nullable String after, @RequestParam(defaultValue = "100") int limit) {
		Items.requireLimit(limit);
		String first = (after != null) ? Identifier.PLAIN.require("after", after) : "";
		return Items.page(this.contacts.list(account.id(), q.strip(), first, limit + 1), limit, ContactView::contactId);
	}

	@GetMapping("/{contactId}")
	ResponseEntity<ContactView> get(Account account, @PathVariable String contactId) {
		return answer(account, Identifier.PLAIN.require("contactId", contactId));
	}

	@PutMapping("/{contactId}")
	ResponseEntity<ContactView> put(Account account, @PathVariable String contactId, @RequestBody ContactPut body,
			Preconditions preconditions) {
		Identifier.PLAIN.require("contactId", contactId);
		if (body.contactId() != null && !body.contactId().equals(contactId)) {
			throw new ProblemException(HttpStatus.BAD_REQUEST, "invalid-contact",
					"contactId '%s' is not that of the path, '%s': leave it out or give the same."
						.formatted(body.contactId(), contactId));
		}
		this.editor.replace(account.id(), contactId, body.values(), preconditions, body.version());
		return answer(account, contactId);
	}

	@DeleteMapping("/{contactId}")
	ResponseEntity<Void> delete(Account account, @PathVariable String contactId, Preconditions preconditions) {
		this.editor.remove(account.id(), Identifier.PLAIN.require("contactId", contactId), preconditions);
		return ResponseEntity.noContent().build();
	}

	@GetMapping("/export")
	void export(Account account, @RequestParam(defaultValue = "csv") String format, HttpServletRequest request,
			HttpServletResponse response) throws IOException {
		switch (format) {
			case "csv" -> new Download("text/csv;charset=UTF-8", "contacts.csv").send(request, response,
					(out) -> this.export.csv(account.id(), out));
			case "vcard" -> new Download("text/vcard;charset=UTF-8", "contacts.vcf").send(request, response,
					(out) -> this.export.vcard(account.id(), out));
			default -> throw new ProblemException(HttpStatus.BAD_REQUEST, "invalid-parameter",
					"format '%s' is unknown: csv and vcard are allowed.".formatted(format));
		}
	}

	private ResponseEntity<ContactView> answer(Account account, String contactId) {
		ContactView contact = this.contacts.find(account.id(), contactId)
			.orElseThrow(() -> new ProblemException(HttpStatus.NOT_FOUND, "unknown-contact",
					"Account '%s' has no contact '%s'. Its contacts are listed at /api/contacts."
						.formatted(account.id(), contactId)));
		return ResponseEntity.ok().eTag("\"" + contact.version() + "\"").body(contact);
	}

}
