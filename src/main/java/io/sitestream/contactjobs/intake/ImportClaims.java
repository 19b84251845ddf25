package io.sitestream.contactjobs.intake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.UUID;

import io.sitestream.contactjobs.UploadFingerprint;
import io.sitestream.contactjobs.tracking.ContactImport;
import io.sitestream.contactjobs.tracking.ContactImport.State;
import io.sitestream.contactjobs.tracking.ContactImports;
import io.sitestream.platform.ProblemException;
import io.sitestream.platform.TimeOrderedIds;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Finds the import that an upload may become. An idempotency key gives the import's id,
 * and with it the partition whose owner decides: of two uploads that begin at the same
 * time, on whatever instances, the one whose {@code ImportStarted} lies first in the log
 * is the import. After a failed import the key gives the next id.
 */
@Component
class ImportClaims {

	private final ContactImports imports;

	private final TimeOrderedIds ids;

	ImportClaims(ContactImports imports, TimeOrderedIds ids) {
		this.imports = imports;
		this.ids = ids;
	}

	/**
	 * Finds the import of an order.
	 * @param order the order
	 * @param fingerprint tells the upload from others with the order's key
	 * @return an import that has not begun, or one that is through
	 * @throws ProblemException 409 {@code import-in-progress} if it is on its way, 422
	 * {@code idempotency-key-reused} if it is another upload's
	 */
	Claim of(ImportOrder order, UploadFingerprint fingerprint) {
		String key = order.idempotencyKey();
		if (key == null) {
			return new Claim(this.ids.next(), null, false);
		}
		for (int attempt = 1;; attempt++) {
			String importId = importId(order.account().id(), key, attempt);
			Optional<ContactImport> known = this.imports.find(importId);
			if (known.isEmpty()) {
				return new Claim(importId, this.ids.next(), false);
			}
			boolean isRunning = known.get().state() == State.RUNNING;
			if (isRunning || known.get().problem() == null) {
				requireSame(key, importId, fingerprint);
			}
			if (isRunning) {
				throw inProgress(key, importId);
			}
			if (known.get().problem() == null) {
				return new Claim(importId, null, true);
			}
		}
	}

	private void requireSame(String key, String importId, UploadFingerprint fingerprint) {
		if (!this.imports.findFingerprint(importId).map(fingerprint::matches).orElse(true)) {
			throw new ProblemException(HttpStatus.UNPROCESSABLE_CONTENT, "idempotency-key-reused",
					"Idempotency-Key '%s' belongs to an import of another file name, size or other parameters, %s: repeat that upload as it was, or take another key."
						.formatted(key, "/api/contact-imports/" + importId));
		}
	}

	private static ProblemException inProgress(String key, String importId) {
		String location = "/api/contact-imports/" + importId;
		return new ProblemException(HttpStatus.CONFLICT, "import-in-progress",
				"The import with Idempotency-Key '%s' is on its way: follow it at %s, or take another key."
					.formatted(key, location))
			.withHeader("Location", location);
	}

	/**
	 * An id that follows from account, key and attempt, and that nobody else can hit.
	 *
	 * @see <a href="https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8">RFC 9562,
	 * UUID version 8</a>
	 */
	private static String importId(String account, String key, int attempt) {
		try {
			byte[] hash = MessageDigest.getInstance("SHA-256")
				.digest("%s\0%s\0%d".formatted(account, key, attempt).getBytes(StandardCharsets.UTF_8));
			ByteBuffer bytes = ByteBuffer.wrap(hash);
			long high = (bytes.getLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x8000L;
			long low = (bytes.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
			return new UUID(high, low).toString();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java has SHA-256.", ex);
		}
	}

	/**
	 * What an upload may become.
	 *
	 * @param importId the import
	 * @param uploadId tells this upload from others with the same key, or {@code null}
	 * without a key
	 * @param isThrough whether an earlier upload was this import already, and ended well
	 */
	record Claim(String importId, @Nullable String uploadId, boolean isThrough) {
	}

}
