package io.sitestream.contactimporter.web;

import java.io.IOException;
import java.util.List;

import io.sitestream.platform.Account;
import io.sitestream.platform.Download;
import io.sitestream.platform.Identifier;
import io.sitestream.platform.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answers with the rows that an import rejected.
 */
@RestController
class RejectionController {

	private final RejectedRows rows;

	RejectionController(RejectedRows rows) {
		this.rows = rows;
	}

	@GetMapping("/api/contact-imports/{importId}/rejections")
	void rejections(Account account, @PathVariable String importId, HttpServletRequest request,
			HttpServletResponse response) throws IOException {
		List<String> columns = this.rows.columns(account.id(), Identifier.PLAIN.require("importId", importId))
			.orElseThrow(() -> new ProblemException(HttpStatus.NOT_FOUND, "unknown-import",
					"No batch of an import '%s' of account '%s' is stored, or not yet.".formatted(importId,
							account.id())));
		new Download("text/csv;charset=UTF-8", "rejections-%s.csv".formatted(importId)).send(request, response,
				(out) -> this.rows.write(importId, columns, out));
	}

}
