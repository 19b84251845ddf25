package io.sitestream.site;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.sitestream.platform.ProblemException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * The versions that a request allows. The comparison is strong: a weak ETag, and one that
 * no site ever has, is allowed and matches nothing.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1">RFC 9110,
 * If-Match</a>
 */
final class IfMatch {

	private static final Pattern LIST = Pattern
		.compile("[ \\t,]*(?:(W/)?\"([!#-~\u0080-\u00ff]*)\"[ \\t]*(?:,|$)[ \\t,]*)+");

	private static final Pattern ETAG = Pattern.compile("(W/)?\"([!#-~\u0080-\u00ff]*)\"");

	private static final Pattern VERSION = Pattern.compile("[1-9]\\d{0,17}");

	private IfMatch() {
	}

	/**
	 * Reads the header.
	 * @param values its values, none if it is absent
	 * @return the versions, or {@code null} for any: {@code *} asks for none in
	 * particular, and a site that does not exist is answered with 404 anyway
	 * @throws ProblemException 400 {@code invalid-if-match} if it has another form
	 */
	static @Nullable Set<Long> versions(List<String> values) {
		String value = String.join(", ", values).trim();
		if (values.isEmpty() || value.equals("*")) {
			return null;
		}
		if (!LIST.matcher(value).matches()) {
			throw new ProblemException(HttpStatus.BAD_REQUEST, "invalid-if-match",
					"If-Match: %s is not allowed: expected * or ETags of the site, as \"3\".".formatted(value));
		}
		Set<Long> versions = new TreeSet<>();
		Matcher etag = ETAG.matcher(value);
		while (etag.find()) {
			if (etag.group(1) == null && VERSION.matcher(etag.group(2)).matches()) {
				versions.add(Long.valueOf(etag.group(2)));
			}
		}
		return versions;
	}

}
