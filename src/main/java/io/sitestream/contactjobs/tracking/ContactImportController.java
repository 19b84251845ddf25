package io.sitestream.contactjobs.tracking;

import java.util.List;

import io.sitestream.platform.Account;
import io.sitestream.platform.Identifier;
import io.sitestream.platform.ProblemException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
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
	Page list(Account account, @RequestParam(required = false) @Nullable String after,
			@RequestParam(defaultValue = "100") int limit) {
		if (limit < 1 || limit > 1000) {
			throw new ProblemException(HttpStatus.BAD_REQUEST, "invalid-parameter",
					"limit %d is not allowed: it must be from 1 to 1000.".formatted(limit));
		}
		if (after != null) {
			Identifier.PLAIN.require("after", after);
		}
		List<ContactImport> items = this.imports.list(account, after, limit + 1);
		boolean more = items.size() > limit;
		List<ContactImport> page = more ? items.subList(0, limit) : items;
		return new Page(page, more ? page.getLast().importId() : null);
	}

	@GetMapping("/{importId}")
	ContactImport get(Account account, @PathVariable String importId) {
		return this.imports.get(account, Identifier.PLAIN.require("importId", importId));
	}

	record Page(List<ContactImport> items, @Nullable String next) {

	}

}
