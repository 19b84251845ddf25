package io.sitestream.platform;

import java.util.regex.Pattern;

import org.springframework.http.HttpStatus;

/**
 * The form of identifiers in the contract.
 */
public enum Identifier {

	/** Sites, owners, apps, instances, accounts, imports, contacts. */
	PLAIN("[A-Za-z0-9._-]{1,128}"),

	/** Channels, which are also secrets and therefore long. */
	CHANNEL("[A-Za-z0-9_-]{16,128}");

	private final Pattern pattern;

	Identifier(String pattern) {
		this.pattern = Pattern.compile(pattern);
	}

	public boolean matches(String value) {
		return this.pattern.matcher(value).matches() && !isDots(value);
	}

	/** Such an id would be no part of a path. */
	private static boolean isDots(String value) {
		return value.equals(".") || value.equals("..");
	}

	/**
	 * What it must look like, for messages.
	 * @return a regular expression
	 */
	public String form() {
		return this.pattern.pattern();
	}

	/**
	 * Checks an identifier that a caller gave.
	 * @param name what it is called in the contract, as {@code siteId}
	 * @param value the value
	 * @return the value
	 * @throws ProblemException 400 {@code invalid-id} if it has another form
	 */
	public String require(String name, String value) {
		if (!matches(value)) {
			throw new ProblemException(HttpStatus.BAD_REQUEST, "invalid-id",
					"%s '%s' is not allowed: it must %s.".formatted(name,
							(value.length() > 160) ? value.substring(0, 160) + "…" : value,
							isDots(value) ? "not be '.' or '..'" : "match " + this.pattern));
		}
		return value;
	}

}
