package io.sitestream.projection;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

import org.jspecify.annotations.Nullable;

/**
 * Two generations that are compared, each with the projection in its format.
 *
 * @param serving where the serving one is
 * @param servingFormat its projection
 * @param compared where the other one is
 * @param comparedFormat its projection
 */
record Pair(ProjectionKeys serving, Projection<?> servingFormat, ProjectionKeys compared,
		Projection<?> comparedFormat) {

	private static final int DIGITS = 12;

	/**
	 * Looks at a view. A marker is as good as nothing: markers expire.
	 * @param ours what the serving generation has
	 * @param theirs what the other one has
	 * @return what was seen
	 */
	Look views(byte @Nullable [] ours, byte @Nullable [] theirs) {
		if (sameFormat() && Arrays.equals(ours, theirs)) {
			return new Look(Look.NOTHING, Look.NOTHING);
		}
		return new Look(words(ours, this.servingFormat), words(theirs, this.comparedFormat));
	}

	/**
	 * Looks at an entry, and whether its key is among the members of the index key.
	 */
	static Look entries(byte @Nullable [] ours, boolean isOurMember, byte @Nullable [] theirs, boolean isTheirMember) {
		return new Look(words(ours, isOurMember), words(theirs, isTheirMember));
	}

	boolean compares(String indexKey) {
		return sameFormat() || (this.servingFormat.isShared(indexKey) && this.comparedFormat.isShared(indexKey));
	}

	boolean sameFormat() {
		return this.servingFormat.format() == this.comparedFormat.format();
	}

	private String words(byte @Nullable [] stored, Projection<?> format) {
		if (stored == null) {
			return Look.NOTHING;
		}
		StoredView view = StoredView.decode(stored);
		if (view.isMarker()) {
			return Look.NOTHING;
		}
		byte[] body = sameFormat() ? view.body() : format.shared(view.body());
		return "version %d, %d bytes, SHA-256 %s…".formatted(view.version(), body.length, digest(body));
	}

	private static String words(byte @Nullable [] stored, boolean member) {
		if (stored == null) {
			return member ? Look.BROKEN + "a member without an entry" : Look.NOTHING;
		}
		String[] entry = new String(stored, StandardCharsets.UTF_8).split(":", 2);
		boolean present = entry.length == 2 && entry[1].equals(IndexEntries.PRESENT);
		if (present != member) {
			return Look.BROKEN + (present ? "version %s, but no member" : "absent since version %s, but a member")
				.formatted(entry[0]);
		}
		return present ? "version " + entry[0] : Look.NOTHING;
	}

	private static String digest(byte[] body) {
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body)).substring(0, DIGITS);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JDK has SHA-256", ex);
		}
	}

}
