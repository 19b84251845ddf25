package io.sitestream.contactimporter.rows;

/**
 * A row that is not imported, with the reason that its sender reads beside it.
 */
public class RejectedRowException extends Exception {

	RejectedRowException(String slug, String column, String value, String reason) {
		this("%s: column '%s', value '%s': %s".formatted(slug, column, excerpt(value), reason));
	}

	RejectedRowException(String slug, String reason) {
		this("%s: %s".formatted(slug, reason));
	}

	private RejectedRowException(String message) {
		super(message, null, false, false);
	}

	/**
	 * Slug, column, value and reason in one line.
	 */
	@Override
	public String getMessage() {
		return String.valueOf(super.getMessage());
	}

	private static String excerpt(String value) {
		String line = value.replaceAll("\\p{Cntrl}", " ").strip();
		return (line.length() > 100) ? line.substring(0, 100) + "…" : line;
	}

}
