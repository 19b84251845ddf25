package io.sitestream.contactimporter.rows;

import org.jspecify.annotations.Nullable;

/**
 * A postal address: its parts, or a text for one that came without parts.
 *
 * @param street street, house, post office box
 * @param city the city
 * @param region state or province
 * @param postalCode the postal code
 * @param country the country, as it was written
 * @param text the whole address, when there are no parts
 */
public record Address(@Nullable String street, @Nullable String city, @Nullable String region,
		@Nullable String postalCode, @Nullable String country, @Nullable String text) {

	/**
	 * The form in which addresses are compared.
	 * @return the address with each part in the form of {@link CanonicalText#of}
	 */
	public Address canonical() {
		return new Address(canonical(this.street), canonical(this.city), canonical(this.region),
				canonical(this.postalCode), canonical(this.country), canonical(this.text));
	}

	private static @Nullable String canonical(@Nullable String part) {
		return (part != null) ? CanonicalText.of(part) : null;
	}

}
