package io.sitestream.business;

import java.util.Arrays;
import java.util.Currency;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * What the JDK knows of ISO 3166-1.
 */
final class IsoCountries {

	private static final Set<String> CODES = new TreeSet<>(Arrays.asList(Locale.getISOCountries()));

	private IsoCountries() {
	}

	/**
	 * A country by its code.
	 * @param code alpha-2, in capitals
	 * @param name what to call it
	 * @return the country, if there is one of that code
	 */
	static Optional<Country> find(String code, String name) {
		return CODES.contains(code) ? Optional.of(country(code, name)) : Optional.empty();
	}

	static boolean isCode(String code) {
		return CODES.contains(code);
	}

	private static Country country(String code, String name) {
		Locale locale = locale(code);
		return new Country(code, name, locale.getISO3Country(), currency(locale));
	}

	private static @Nullable String currency(Locale locale) {
		Currency currency = Currency.getInstance(locale);
		return (currency != null) ? currency.getCurrencyCode() : null;
	}

	private static Locale locale(String code) {
		return new Locale.Builder().setRegion(code).build();
	}

}
