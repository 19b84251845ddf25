package io.sitestream.contactimporter.web;

import io.sitestream.platform.Account;
import io.sitestream.platform.Identifier;
import io.sitestream.platform.Items;
import io.sitestream.platform.ProblemException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answers about the contacts of the caller's account.
 */
@RestController
@RequestMapping("/api/contacts")
class ContactController {

	private final ContactQueries contacts;

	ContactController(ContactQueries contacts) {
		this.contacts = contacts;
	}

	@GetMapping
	Items<ContactView> list(Account account, @RequestParam(defaultValue = "") String q,
			@RequestParam(required = false) @Nullable String after, @RequestParam(defaultValue = "100") int limit) {
		Items.requireLimit(limit);
		String first = (after != null) ? Identifier.PLAIN.require("after", after) : "";
		return Items.page(this.contacts.list(account.id(), q.strip(), first, limit + 1), limit, ContactView::contactId);
	}

	@GetMapping("/{contactId}")
	ContactView get(Account account, @PathVariable String contactId) {
		return this.contacts.find(account.id(), Identifier.PLAIN.require("contactId", contactId))
			.orElseThrow(() -> new ProblemException(HttpStatus.NOT_FOUND, "unknown-contact",
					"Account '%s' has no contact '%s'. Its contacts are listed at /api/contacts."
						.formatted(account.id(), contactId)));
	}

}
