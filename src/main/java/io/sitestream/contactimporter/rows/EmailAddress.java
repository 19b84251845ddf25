package io.sitestream.contactimporter.rows;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The form of e-mail addresses: that of a browser's {@code <input type=email>}, plus
 * letters of any script (RFC 6531), but with a dot in the domain, and with the length
 * limits of SMTP.
 *
 * @see <a href="https://html.spec.whatwg.org/#valid-e-mail-address">HTML, valid e-mail
 * address</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1">RFC 5321, size
 * limits</a>
 */
public final class EmailAddress {

	private static final Pattern LOCAL = Pattern
		.compile("[\\p{L}\\p{M}\\p{N}!#$%&'*+/=?^_`{|}~-]+(\\.[\\p{L}\\p{M}\\p{N}!#$%&'*+/=?^_`{|}~-]+)*");

	private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

	private static final Pattern DOMAIN = Pattern.compile(LABEL + "(\\." + LABEL + ")+");

	private EmailAddress() {
	}

	static boolean isValid(String text) {
		int at = text.lastIndexOf('@');
		return at > 0 && at <= 64 && text.length() <= 254 && LOCAL.matcher(text.substring(0, at)).matches()
				&& isDomain(text.substring(at + 1));
	}

	/**
	 * The form in which addresses are compared.
	 * @param address an address
	 * @return the address in lower case and NFC
	 */
	public static String key(String address) {
		return CanonicalText.of(CanonicalText.of(address).toLowerCase(Locale.ROOT));
	}

	private static boolean isDomain(String text) {
		try {
			return DOMAIN.matcher(IDN.toASCII(text)).matches();
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

}
