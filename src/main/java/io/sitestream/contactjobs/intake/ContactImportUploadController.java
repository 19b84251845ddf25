package io.sitestream.contactjobs.intake;

import java.net.URI;
import java.time.Duration;

import io.sitestream.contactjobs.tracking.ContactImports;
import io.sitestream.platform.Account;
import io.sitestream.platform.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Takes contact files in. The answer comes when the file is read to its end and this
 * instance shows the import, long before the import is done.
 */
@RestController
@EnableConfigurationProperties(ContactJobsProperties.class)
class ContactImportUploadController {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final ContactImportIntake intake;

	private final ContactImports imports;

	private final long limit;

	ContactImportUploadController(ContactImportIntake intake, ContactImports imports,
			ContactJobsProperties properties) {
		this.intake = intake;
		this.imports = imports;
		this.limit = properties.maxFileSize().toBytes();
	}

	@PostMapping("/api/contact-imports")
	ResponseEntity<Void> upload(Account account, @RequestParam(required = false) @Nullable String channelId,
			@RequestParam(defaultValue = "update") String onDuplicate,
			@RequestParam(required = false) @Nullable String defaultRegion, HttpServletRequest request) {
		ImportOrder order = ImportOrder.of(account, channelId, onDuplicate, defaultRegion);
		Upload upload = Upload.of(request);
		String importId = this.intake.take(order,
				new Upload(new LimitedInputStream(upload.content(), this.limit), upload.charset()));
		String location = "/api/contact-imports/" + importId;
		if (!this.imports.awaitShown(importId, PATIENCE)) {
			throw new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, "store-behind",
					"Import '%s' was taken and goes on, but this instance does not show it after %d ms: do not repeat it, look at %s."
						.formatted(importId, PATIENCE.toMillis(), location))
				.withHeader("Location", location)
				.withHeader("Retry-After", "1");
		}
		return ResponseEntity.accepted().location(URI.create(location)).build();
	}

}
