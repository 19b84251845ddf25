package io.sitestream.platform;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * What a write demands of the resource that it would change. Every write over HTTP takes
 * them as an argument and judges them, so that none is passed over.
 *
 * @param ifMatch it must exist, with one of these versions; {@code null} for no such
 * demand
 * @param ifNoneMatch it must not exist, or with none of these versions; {@code null} for
 * no such demand
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-13.1">RFC 9110,
 * Preconditions</a>
 */
public record Preconditions(@Nullable EntityTags ifMatch, @Nullable EntityTags ifNoneMatch) {

	public static final Preconditions NONE = new Preconditions(null, null);

	/**
	 * Reads the headers of a request.
	 * @param ifMatch the lines of {@code If-Match}
	 * @param ifNoneMatch the lines of {@code If-None-Match}
	 * @return the preconditions
	 * @throws ProblemException 400 {@code invalid-if-match},
	 * {@code invalid-if-none-match}
	 */
	static Preconditions parse(List<String> ifMatch, List<String> ifNoneMatch) {
		return new Preconditions(EntityTags.parse(HttpHeaders.IF_MATCH, ifMatch, false),
				EntityTags.parse(HttpHeaders.IF_NONE_MATCH, ifNoneMatch, true));
	}

	/**
	 * Judges a resource.
	 * @param name what to call it, as {@code Site 'shop'}
	 * @param version the version that its ETag says, or {@code null} if it has none
	 * @param exists whether it exists
	 * @return 412 {@code version-conflict}, or nothing if everything is as demanded
	 */
	public Optional<Problem> judge(String name, @Nullable Long version, boolean exists) {
		if (this.ifMatch != null && !(exists && this.ifMatch.matches(version))) {
			return Optional.of(conflict("%s %s, If-Match asked for %s: read it again and repeat the change on it."
				.formatted(name, state(version, exists), this.ifMatch)));
		}
		if (this.ifNoneMatch != null && exists && this.ifNoneMatch.matches(version)) {
			return Optional.of(conflict("%s %s, If-None-Match asked for %s: leave it as it is, or repeat without."
				.formatted(name, state(version, true), this.ifNoneMatch.any() ? "none" : "another version")));
		}
		return Optional.empty();
	}

	/**
	 * Judges a resource, and ends the request if it is not as demanded.
	 * @param name what to call it
	 * @param version the version that its ETag says, or {@code null} if it has none
	 * @param exists whether it exists
	 * @throws ProblemException 412 {@code version-conflict}, with the present ETag
	 */
	public void require(String name, @Nullable Long version, boolean exists) {
		judge(name, version, exists).ifPresent((problem) -> {
			ProblemException refused = new ProblemException(problem);
			throw (version != null) ? refused.withHeader(HttpHeaders.ETAG, "\"" + version + "\"") : refused;
		});
	}

	/**
	 * Judges a resource that has no versions.
	 * @param name what to call it
	 * @param exists whether it exists
	 * @throws ProblemException 412 {@code version-conflict}
	 */
	public void require(String name, boolean exists) {
		require(name, null, exists);
	}

	private static String state(@Nullable Long version, boolean exists) {
		if (!exists) {
			return "does not exist";
		}
		return (version != null) ? "has version " + version : "exists, and has no versions";
	}

	private static Problem conflict(String detail) {
		return Problem.of(HttpStatus.PRECONDITION_FAILED, "version-conflict", detail);
	}

}
