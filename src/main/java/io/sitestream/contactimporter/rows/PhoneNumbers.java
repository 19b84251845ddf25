package io.sitestream.contactimporter.rows;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import org.jspecify.annotations.Nullable;

/**
 * Brings phone numbers into the form of E.164, so that equal numbers are equal texts.
 */
final class PhoneNumbers {

	private static final String NO_REGION = "ZZ";

	private static final PhoneNumberUtil PHONES = PhoneNumberUtil.getInstance();

	private final @Nullable String defaultRegion;

	/**
	 * Creates a reader of numbers.
	 * @param defaultRegion the country of national numbers, or {@code null} if only
	 * international ones are accepted
	 */
	PhoneNumbers(@Nullable String defaultRegion) {
		this.defaultRegion = defaultRegion;
	}

	String toE164(String column, String text) throws RejectedRowException {
		PhoneNumber number = parse(column, text);
		if (!PHONES.isPossibleNumber(number)) {
			throw new RejectedRowException("invalid-phone", column, text,
					"no number of its country has this length (%s)."
						.formatted(PHONES.isPossibleNumberWithReason(number).name().toLowerCase().replace('_', ' ')));
		}
		return PHONES.format(number, PhoneNumberFormat.E164);
	}

	private PhoneNumber parse(String column, String text) throws RejectedRowException {
		try {
			return PHONES.parse(text, (this.defaultRegion != null) ? this.defaultRegion : NO_REGION);
		}
		catch (NumberParseException ex) {
			if (ex.getErrorType() == NumberParseException.ErrorType.INVALID_COUNTRY_CODE && this.defaultRegion == null
					&& !text.strip().startsWith("+")) {
				throw new RejectedRowException("phone-region", column, text,
						"a national number: write it with + and country code, or import with defaultRegion.");
			}
			throw new RejectedRowException("invalid-phone", column, text,
					"expected a number such as +211 912 345 678.");
		}
	}

}
