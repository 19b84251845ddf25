package io.sitestream.contactjobs.intake;

import java.util.HashMap;
import java.util.Map;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import io.sitestream.contactjobs.OnDuplicate;
import io.sitestream.contactjobs.UploadFingerprint;
import io.sitestream.platform.Account;
import io.sitestream.platform.Identifier;
import io.sitestream.platform.ProblemException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * What a client says about the file that it sends.
 *
 * @param account whose contacts they are
 * @param channelId where to tell about the import
 * @param onDuplicate what to do with contacts that are there already
 * @param defaultRegion the country of national phone numbers, or {@code null}
 * @param idempotencyKey names the import within the account, or {@code null}
 */
record ImportOrder(Account account, String channelId, OnDuplicate onDuplicate, @Nullable String defaultRegion,
		@Nullable String idempotencyKey) {

	private static final int LONGEST_KEY = 128;

	/**
	 * Reads the parameters of a request.
	 * @param account the caller
	 * @param channelId the channel
	 * @param onDuplicate the contract's word
	 * @param defaultRegion an ISO 3166-1 code
	 * @param idempotencyKey a text of 1 to 128 characters
	 * @return the order
	 * @throws ProblemException 400 for what is missing or unknown
	 */
	static ImportOrder of(Account account, @Nullable String channelId, String onDuplicate,
			@Nullable String defaultRegion, @Nullable String idempotencyKey) {
		if (channelId == null || channelId.isEmpty()) {
			throw new ProblemException(HttpStatus.BAD_REQUEST, "missing-channel",
					"Parameter channelId is missing: give the id of the channel that shall hear about the import.");
		}
		Identifier.CHANNEL.require("channelId", channelId);
		if (defaultRegion != null && !PhoneNumberUtil.getInstance().getSupportedRegions().contains(defaultRegion)) {
			throw invalid("defaultRegion '%s' is unknown: expected an ISO 3166-1 code in capitals, such as US or SS."
				.formatted(defaultRegion));
		}
		if (idempotencyKey != null && (idempotencyKey.isBlank() || idempotencyKey.length() > LONGEST_KEY)) {
			throw new ProblemException(HttpStatus.BAD_REQUEST, "invalid-idempotency-key",
					"Idempotency-Key has %d characters: it must have 1 to %d, not all of them blank."
						.formatted(idempotencyKey.length(), LONGEST_KEY));
		}
		return new ImportOrder(account, channelId, choice(onDuplicate), defaultRegion, idempotencyKey);
	}

	/**
	 * What tells an upload from others with this order's key.
	 * @param upload the upload
	 * @return its fingerprint
	 */
	UploadFingerprint fingerprint(Upload upload) {
		Map<String, String> said = new HashMap<>();
		said.put("channelId", this.channelId);
		said.put("onDuplicate", this.onDuplicate.name());
		if (this.defaultRegion != null) {
			said.put("defaultRegion", this.defaultRegion);
		}
		if (upload.fileName() != null) {
			said.put("fileName", upload.fileName());
		}
		upload.charset().ifPresent((charset) -> said.put("charset", charset.name()));
		return UploadFingerprint.of(said, upload.size());
	}

	private static OnDuplicate choice(String word) {
		try {
			return OnDuplicate.of(word);
		}
		catch (IllegalArgumentException ex) {
			throw invalid(String.valueOf(ex.getMessage()));
		}
	}

	private static ProblemException invalid(String detail) {
		return new ProblemException(HttpStatus.BAD_REQUEST, "invalid-parameter", detail);
	}

}
