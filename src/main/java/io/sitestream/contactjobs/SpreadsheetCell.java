package io.sitestream.contactjobs;

import java.util.regex.Pattern;

/**
 * Cells of CSV files that people open with a spreadsheet program. It takes a cell that
 * begins with {@code =}, {@code +}, {@code -}, {@code @}, a tab or a carriage return for
 * a formula and carries it out, also one that a stranger has put into a name. So files
 * that we write have an apostrophe before such a cell, which makes it a text; and one
 * apostrophe before such a beginning is taken off when a file is imported. A value that
 * has apostrophes there itself gets one more, so what was exported and is imported again
 * is the same to the letter. Numbers in the form of E.164 stay as they are: a plain
 * number does no harm, and other programs would not know it again.
 *
 * @see <a href="https://owasp.org/www-community/attacks/CSV_Injection">OWASP, CSV
 * injection</a>
 */
public final class SpreadsheetCell {

	private static final String FORMULA = "([\\t\\r]|\\s*[=+\\-@])";

	private static final Pattern RISKY = Pattern.compile(FORMULA + "(?s).*");

	private static final Pattern RISKY_OR_QUOTED = Pattern.compile("'*" + FORMULA + "(?s).*");

	private static final Pattern QUOTED = Pattern.compile("'+" + FORMULA + "(?s).*");

	/**
	 * Possessive: that is a loop, and no recursion, whose depth the number of numbers
	 * would be.
	 */
	private static final Pattern NUMBERS = Pattern.compile("\\+\\d{1,15}(?: ::: \\+\\d{1,15})*+");

	private SpreadsheetCell() {
	}

	/**
	 * Writes a value into a cell.
	 * @param value the value
	 * @return the cell, which {@link #value} turns into the value again
	 */
	public static String of(String value) {
		return (RISKY_OR_QUOTED.matcher(value).matches() && !NUMBERS.matcher(value).matches()) ? "'" + value : value;
	}

	/**
	 * Makes a cell harmless that came from a file.
	 * @param cell the cell as it stood there
	 * @return a cell with the same value
	 */
	public static String harmless(String cell) {
		return (RISKY.matcher(cell).matches() && !NUMBERS.matcher(cell).matches()) ? "'" + cell : cell;
	}

	/**
	 * Reads a cell.
	 * @param cell the cell as it stands in a file
	 * @return its value
	 */
	public static String value(String cell) {
		return QUOTED.matcher(cell).matches() ? cell.substring(1) : cell;
	}

}
