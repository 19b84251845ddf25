package io.sitestream.site;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Names of commands. An id ends in a check of itself, so that every instance can tell an
 * id that some instance handed out, for a command that may still wait in the log, from
 * one that nobody ever did.
 */
final class CommandId {

	private static final int CHECK = 8;

	private CommandId() {
	}

	static String random() {
		return checked(UUID.randomUUID().toString());
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

	static boolean wasHandedOut(String id) {
		int end = id.length() - CHECK - 1;
		return end > 0 && id.equals(checked(id.substring(0, end)));
	}

	private static String checked(String id) {
		return id + "-" + hash("sitestream command " + id).substring(0, CHECK);
	}

	private static String hash(String text) {
		try {
			return HexFormat.of()
				.formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256.", ex);
		}
	}

}
