package io.sitestream.contactimporter.rows;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.MonthDay;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads birthdays in the common orders. A date that could be read in two ways is rejected
 * by name and never guessed.
 */
final class Birthday {

	private static final Pattern YEAR_FIRST = Pattern.compile("(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})(?:T.*)?");

	private static final Pattern COMPACT = Pattern.compile("(\\d{4})(\\d{2})(\\d{2})");

	private static final Pattern WITHOUT_YEAR = Pattern.compile("--(\\d{2})-?(\\d{2})");

	private static final Pattern DAY_FIRST = Pattern.compile("(\\d{1,2})\\.\\s*(\\d{1,2})\\.\\s*(\\d{4})");

	private static final Pattern SLASHED = Pattern.compile("(\\d{1,2})[/-](\\d{1,2})[/-](\\d{4})");

	private Birthday() {
	}

	/**
	 * Reads a birthday.
	 * @param column where it stands
	 * @param text the cell
	 * @return {@code 1906-12-09}, or {@code --12-09} without a year
	 * @throws RejectedRowException {@code invalid-birthday} or {@code ambiguous-birthday}
	 */
	static String read(String column, String text) throws RejectedRowException {
		try {
			Matcher m;
			if ((m = YEAR_FIRST.matcher(text)).matches() || (m = COMPACT.matcher(text)).matches()) {
				return date(m.group(1), m.group(2), m.group(3));
			}
			if ((m = WITHOUT_YEAR.matcher(text)).matches()) {
				return MonthDay.of(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2))).toString();
			}
			if ((m = DAY_FIRST.matcher(text)).matches()) {
				return date(m.group(3), m.group(2), m.group(1));
			}
			if ((m = SLASHED.matcher(text)).matches()) {
				return slashed(column, text, Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)), m.group(3));
			}
		}
		catch (DateTimeException ex) {
			throw invalid(column, text);
		}
		throw invalid(column, text);
	}

	private static String slashed(String column, String text, int first, int second, String year)
			throws RejectedRowException {
		if (first <= 12 && second <= 12 && first != second) {
			throw new RejectedRowException("ambiguous-birthday", column, text,
					"day and month cannot be told apart: write it as year-month-day.");
		}
		boolean monthFirst = second > 12;
		return date(year, Integer.toString(monthFirst ? first : second), Integer.toString(monthFirst ? second : first));
	}

	private static String date(String year, String month, String day) {
		return LocalDate.of(Integer.parseInt(year), Integer.parseInt(month), Integer.parseInt(day)).toString();
	}

	private static RejectedRowException invalid(String column, String text) {
		return new RejectedRowException("invalid-birthday", column, text, "expected a date such as 1906-12-09.");
	}

}
