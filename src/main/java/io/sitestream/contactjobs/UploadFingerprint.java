package io.sitestream.contactjobs;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * Tells uploads with one idempotency key apart, before their files are read.
 *
 * @param said what stands for the file's name and the parameters
 * @param size how long the file is, or {@code null} where the request does not say
 */
public record UploadFingerprint(String said, @Nullable Long size) {

	/**
	 * The fingerprint of an upload.
	 * @param parameters names and values; absent ones are left out, so that one that a
	 * later release adds changes nothing where it is absent
	 * @param size how long the file is, or {@code null}
	 * @return the fingerprint
	 */
	public static UploadFingerprint of(Map<String, String> parameters, @Nullable Long size) {
		StringBuilder text = new StringBuilder();
		new TreeMap<>(parameters).forEach((name, value) -> text.append(name).append('\0').append(value).append('\0'));
		try {
			byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
			return new UploadFingerprint(HexFormat.of().formatHex(hash), size);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java has SHA-256.", ex);
		}
	}

	/**
	 * Whether two uploads may be one that was repeated.
	 * @param other another one
	 * @return whether nothing is known in which they differ
	 */
	public boolean matches(UploadFingerprint other) {
		return this.said.equals(other.said)
				&& (this.size == null || other.size == null || this.size.equals(other.size));
	}

}
