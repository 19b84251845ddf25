package io.sitestream.site;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Pattern;

import io.sitestream.platform.TimeOrderedIds;
import org.jspecify.annotations.Nullable;

/**
 * Names of commands. An id ends in a check of itself, so that every instance can tell an
 * id that some instance handed out, for a command that may still wait in the log, from
 * one that nobody ever did.
 */
final class CommandId {

	private static final int CHECK = 8;

	private static final int UUID_LENGTH = 36;

	private static final int ASKED = 16;

	private static final Pattern KEYED = Pattern.compile("[0-9a-f]{40}-[0-9a-f]{8}\\.[0-9a-f]{16}");

	private CommandId() {
	}

	static String next(TimeOrderedIds ids) {
		return checked(ids.next());
	}

	/**
	 * The same account gets the same id for the same key, which others cannot guess.
	 * @param account the account
	 * @param key the account's name for the command
	 * @return the id
	 */
	static String of(String account, String key) {
		return checked(hash(account + "\0" + key).substring(0, 40));
	}

	/**
	 * Names a command as a request with an idempotency key knows it: who asks for this
	 * name hears nothing of another request with the key.
	 * @param id the command
	 * @param fingerprint the request's, or {@code null} without a key
	 * @return the name
	 */
	static String asAskedFor(String id, @Nullable String fingerprint) {
		return (fingerprint != null) ? id + "." + fingerprint.substring(0, ASKED) : id;
	}

	/**
	 * The command of a name.
	 * @param name an id, or what {@link #asAskedFor} has made of it
	 * @return the id
	 */
	static String ofName(String name) {
		return KEYED.matcher(name).matches() ? name.substring(0, name.length() - ASKED - 1) : name;
	}

	/**
	 * Whether a name is that of the request that a command came from, as far as is known.
	 * @param name an id, or what {@link #asAskedFor} has made of it
	 * @param fingerprint the command's, or {@code null} if it has none
	 * @return whether it does not name another request with the same key
	 */
	static boolean isAskedFor(String name, @Nullable String fingerprint) {
		return fingerprint == null || ofName(name).equals(name) || name.endsWith("." + fingerprint.substring(0, ASKED));
	}

	/**
	 * Whether some instance handed an id out, for a command that may still wait in the
	 * log. An id that was made of an account's key does not say when.
	 * @param id the id
	 * @param since commands from before are forgotten
	 * @return whether it was handed out since then, as far as it can be known
	 */
	static boolean wasHandedOut(String id, Instant since) {
		int end = id.length() - CHECK - 1;
		return end > 0 && id.equals(checked(id.substring(0, end))) && !isOlder(id.substring(0, end), since);
	}

	/** The first 48 bits of a UUID of version 7 are its time in milliseconds. */
	private static boolean isOlder(String name, Instant since) {
		return name.length() == UUID_LENGTH && UUID.fromString(name).version() == 7
				&& (UUID.fromString(name).getMostSignificantBits() >>> 16) < since.toEpochMilli();
	}

	private static String checked(String id) {
		return id + "-" + hash("sitestream command " + id).substring(0, CHECK);
	}

	static String hash(String text) {
		try {
			return HexFormat.of()
				.formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256.", ex);
		}
	}

}
