package io.sitestream.platform;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a client prefers.
 *
 * @param patience how long it is ready to wait for the outcome, 0 s to 30 s
 * @param respondAsync whether it would rather not wait at all
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7240">RFC 7240, Prefer Header for
 * HTTP</a>
 */
public record Preferences(Optional<Duration> patience, boolean respondAsync) {

	public static final String HEADER = "Prefer";

	/** What is waited for when the client does not say. */
	public static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(2);

	private static final int MOST_SECONDS = 30;

	/**
	 * Reads the preferences that concern waiting. Others, and a {@code wait} that is no
	 * whole number of seconds, are ignored, as the RFC asks; one above 30 counts as 30.
	 * @param headers the values of all {@code Prefer} headers
	 * @return the preferences
	 */
	public static Preferences parse(List<String> headers) {
		Optional<Duration> patience = Optional.empty();
		boolean respondAsync = false;
		for (String header : headers) {
			for (String element : header.split(",")) {
				String preference = element.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
				if (preference.equals("respond-async")) {
					respondAsync = true;
				}
				else if (preference.matches("wait\\s*=.*") && patience.isEmpty()) {
					patience = seconds(preference.substring(preference.indexOf('=') + 1).trim());
				}
			}
		}
		return new Preferences(patience, respondAsync);
	}

	/**
	 * How long to wait.
	 * @return the client's patience, or 2 s when it does not say
	 */
	public Duration patienceOrDefault() {
		return this.patience.orElse(DEFAULT_PATIENCE);
	}

	private static Optional<Duration> seconds(String value) {
		String digits = value.replaceAll("^\"|\"$", "");
		return digits.matches("\\d{1,9}")
				? Optional.of(Duration.ofSeconds(Math.min(MOST_SECONDS, Integer.parseInt(digits)))) : Optional.empty();
	}

}
