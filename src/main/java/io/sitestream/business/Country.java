package io.sitestream.business;

import org.jspecify.annotations.Nullable;

/**
 * A country that the platform supports.
 *
 * @param code ISO 3166-1 alpha-2
 * @param name the name in English
 * @param alpha3 ISO 3166-1 alpha-3
 * @param currency ISO 4217, or {@code null} for a territory without one, such as
 * Antarctica
 */
public record Country(String code, String name, @Nullable String alpha3, @Nullable String currency) {

	public Country {
		if (code == null || !code.matches("[A-Z]{2}")) {
			throw new IllegalArgumentException(
					"code is '%s': expected ISO 3166-1 alpha-2 in capitals.".formatted(code));
		}
		if (name == null || name.isBlank()) {
			throw new IllegalArgumentException("name of country '%s' is missing.".formatted(code));
		}
	}

}
