package io.sitestream.platform;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * The versions that a precondition names. Tags that no resource here ever has are allowed
 * and match nothing. Read in one pass, whatever the header holds.
 *
 * @param any whether it is {@code *}
 * @param versions the versions
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3">RFC 9110, ETag</a>
 */
public record EntityTags(boolean any, Set<Long> versions) {

	/** Far more than a web server lets through, and than a record could hold. */
	private static final int LONGEST = 65_536;

	private static final int MOST_DIGITS = 18;

	private static final int MOST_SAID = 10;

	/**
	 * Reads a header.
	 * @param name its name
	 * @param lines its lines, each a list
	 * @param weak whether weak tags count, too ({@code If-None-Match}), or match nothing
	 * ({@code If-Match})
	 * @return the versions, or {@code null} if there is no such header
	 * @throws ProblemException 400 {@code invalid-<name>} if it is neither {@code *} nor
	 * a list of entity tags
	 */
	public static @Nullable EntityTags parse(String name, List<String> lines, boolean weak) {
		if (lines.isEmpty()) {
			return null;
		}
		String value = String.join(", ", lines).trim();
		if (value.equals("*")) {
			return new EntityTags(true, Set.of());
		}
		Set<Long> versions = (value.length() <= LONGEST) ? versions(value, weak) : null;
		if (versions == null) {
			throw new ProblemException(HttpStatus.BAD_REQUEST, "invalid-" + name.toLowerCase(Locale.ROOT),
					"%s: %s is not allowed: expected * or ETags, as \"3\" or \"3\", \"4\".".formatted(name,
							(value.length() > 100) ? value.substring(0, 100) + "…" : value));
		}
		return new EntityTags(false, versions);
	}

	private static @Nullable Set<Long> versions(String list, boolean weak) {
		Set<Long> versions = new TreeSet<>();
		boolean found = false;
		boolean separated = true;
		int at = 0;
		while (at < list.length()) {
			char next = list.charAt(at);
			if (next == ',' || next == ' ' || next == '\t') {
				separated |= next == ',';
				at++;
				continue;
			}
			boolean isWeak = list.startsWith("W/\"", at);
			int begin = at + (isWeak ? 3 : 1);
			int end = end(list, begin);
			if (!separated || !(isWeak || next == '"') || end < 0) {
				return null;
			}
			if (weak || !isWeak) {
				addVersion(list, begin, end, versions);
			}
			found = true;
			separated = false;
			at = end + 1;
		}
		return found ? versions : null;
	}

	/** Where the tag's closing quote is, or -1 if it has none. */
	private static int end(String list, int begin) {
		for (int at = begin; at < list.length(); at++) {
			char next = list.charAt(at);
			if (next == '"') {
				return at;
			}
			if (next <= ' ' || next == 0x7f) {
				return -1;
			}
		}
		return -1;
	}

	private static void addVersion(String list, int begin, int end, Set<Long> versions) {
		if (begin == end || end - begin > MOST_DIGITS || list.charAt(begin) == '0') {
			return;
		}
		long version = 0;
		for (int at = begin; at < end; at++) {
			int digit = list.charAt(at) - '0';
			if (digit < 0 || digit > 9) {
				return;
			}
			version = version * 10 + digit;
		}
		versions.add(version);
	}

	boolean matches(@Nullable Long version) {
		return this.any || (version != null && this.versions.contains(version));
	}

	@Override
	public String toString() {
		if (this.any) {
			return "*";
		}
		if (this.versions.isEmpty()) {
			return "none that there can be";
		}
		List<String> first = this.versions.stream().sorted().limit(MOST_SAID).map(String::valueOf).toList();
		int more = this.versions.size() - first.size();
		return String.join(" or ", first) + ((more > 0) ? " or %d more".formatted(more) : "");
	}

}
