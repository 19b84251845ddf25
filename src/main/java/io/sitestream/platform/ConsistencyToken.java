package io.sitestream.platform;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * What a write hands out so that a later read is never older than it: a resource, what
 * was written there, and the version that came of it. Clients take the encoded form for
 * opaque.
 *
 * @param resource whose versions these are, as {@code sites}
 * @param key what was written: a site, or a partition
 * @param version the version that a read must have reached
 * @param issued when the write was answered, to the millisecond
 */
public record ConsistencyToken(String resource, String key, long version, Instant issued) {

	public static final String HEADER = "Consistency-Token";

	/** After that a token counts as fulfilled. */
	public static final Duration VALIDITY = Duration.ofHours(24);

	private static final String SEPARATOR = "~";

	public String encode() {
		String text = String.join(SEPARATOR, "1", this.resource, this.key, Long.toString(this.version),
				Long.toString(this.issued.toEpochMilli()));
		return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Reads the tokens that a request carries and leaves out those that are too old to
	 * matter.
	 * @param header the header's value, tokens separated by commas, or {@code null}
	 * @param resources the resources that the reader follows
	 * @param now the time
	 * @return the tokens to wait for
	 * @throws ProblemException 400 {@code invalid-token} if one cannot be read, 400
	 * {@code foreign-token} if one is of another resource
	 */
	public static List<ConsistencyToken> parse(@Nullable String header, Set<String> resources, Instant now) {
		List<ConsistencyToken> tokens = new ArrayList<>();
		if (header == null || header.isBlank()) {
			return tokens;
		}
		for (String text : header.split(",")) {
			ConsistencyToken token = decode(text.trim());
			if (!resources.contains(token.resource)) {
				throw new ProblemException(HttpStatus.BAD_REQUEST, "foreign-token",
						"%s '%s' is of '%s': expected one of %s.".formatted(HEADER, text.trim(), token.resource,
								resources));
			}
			if (token.version < 0 || token.issued.isAfter(now.plus(VALIDITY))) {
				throw invalid(text.trim());
			}
			if (token.issued.plus(VALIDITY).isAfter(now)) {
				tokens.add(token);
			}
		}
		return tokens;
	}

	private static ConsistencyToken decode(String text) {
		try {
			String decoded = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
			String[] parts = decoded.split(SEPARATOR, -1);
			if (parts.length == 5 && parts[0].equals("1")) {
				return new ConsistencyToken(parts[1], parts[2], Long.parseLong(parts[3]),
						Instant.ofEpochMilli(Long.parseLong(parts[4])));
			}
		}
		catch (IllegalArgumentException ex) {
			throw invalid(text);
		}
		throw invalid(text);
	}

	private static ProblemException invalid(String text) {
		return new ProblemException(HttpStatus.BAD_REQUEST, "invalid-token",
				"%s '%s' cannot be read: expected a value of that header as a write answered it.".formatted(HEADER,
						(text.length() > 120) ? text.substring(0, 120) + "…" : text));
	}

}
