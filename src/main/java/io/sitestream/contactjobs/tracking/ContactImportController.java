package io.sitestream.contactjobs.tracking;

import io.sitestream.platform.Account;
import io.sitestream.platform.Identifier;
import io.sitestream.platform.Items;
import org.jspecify.annotations.Nullable;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answers about imports, from memory alone.
 */
@RestController
@RequestMapping("/api/contact-imports")
class ContactImportController {

	private final ContactImports imports;

	ContactImportController(ContactImports imports) {
		this.imports = imports;
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

}
