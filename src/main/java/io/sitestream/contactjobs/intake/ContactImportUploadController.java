package io.sitestream.contactjobs.intake;

import io.sitestream.contactjobs.ContactJobsProperties;
import io.sitestream.platform.Account;
import io.sitestream.platform.Preconditions;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Takes contact files in. The answer comes when the file is read to its end and this
 * instance shows the import, long before the import is done.
 */
@RestController
@EnableConfigurationProperties(ContactJobsProperties.class)
class ContactImportUploadController {

	private final ContactImportIntake intake;

	private final long limit;

	ContactImportUploadController(ContactImportIntake intake, ContactJobsProperties properties) {
		this.intake = intake;
		this.limit = properties.maxFileSize().toBytes();
	}

	@PostMapping("/api/contact-imports")
	ResponseEntity<Void> upload(Account account, @RequestParam(required = false) @Nullable String channelId,
			@RequestParam(defaultValue = "update") String onDuplicate,
			@RequestParam(required = false) @Nullable String defaultRegion,
			@RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
			Preconditions preconditions, HttpServletRequest request) {
		preconditions.require("A new import", false);
		ImportOrder order = ImportOrder.of(account, channelId, onDuplicate, defaultRegion, idempotencyKey);
		Upload upload = Upload.of(request);
		LimitedInputStream content = new LimitedInputStream(upload.content(), this.limit);
		return ResponseEntity.accepted().location(this.intake.take(order, upload.with(content))).build();
	}

}
