package io.sitestream.contactjobs;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A contact as a row of our CSV export. The rows of imported vCards have this form too,
 * so a list of rejected ones can be read by everybody.
 *
 * @param fullName the name as a whole
 * @param givenName the first name
 * @param familyName the last name
 * @param emails e-mail addresses
 * @param phones phone numbers
 * @param company where the person works
 * @param jobTitle as what
 * @param birthday {@code 1906-12-09}, or {@code --12-09} without a year
 * @param labels labels
 * @param notes notes
 * @param addresses postal addresses
 */
public record ExportedContact(@Nullable String fullName, @Nullable String givenName, @Nullable String familyName,
		List<String> emails, List<String> phones, @Nullable String company, @Nullable String jobTitle,
		@Nullable String birthday, List<String> labels, @Nullable String notes, List<PostalAddress> addresses) {

	/**
	 * A parameter of addresses in vCards that we write: readers take a backslash and an n
	 * in a LABEL for a line break, so the text stands here too where it has them.
	 */
	public static final String ADDRESS_TEXT = "X-TEXT";

	/** Between the values of one cell. */
	private static final String SEPARATOR = " ::: ";

	private static final List<String> COLUMNS = List.of("Name", "Given Name", "Family Name", "Email", "Phone",
			"Company", "Job Title", "Birthday", "Labels", "Notes");

	private static final List<String> ADDRESS_COLUMNS = List.of("Formatted", "Street", "City", "Region", "Postal Code",
			"Country");

	/**
	 * The header above rows with so many addresses.
	 * @param addresses how many there are columns for
	 * @return the names of the columns
	 */
	public static List<String> header(int addresses) {
		return Stream
			.concat(COLUMNS.stream(), IntStream.rangeClosed(1, addresses)
				.boxed()
				.flatMap((number) -> ADDRESS_COLUMNS.stream().map((part) -> "Address %d - %s".formatted(number, part))))
			.toList();
	}

	/**
	 * The cells of this contact, without empty ones at the end.
	 * @return the row
	 */
	public List<String> row() {
		List<String> cells = new ArrayList<>();
		Stream
			.of(this.fullName, this.givenName, this.familyName, joined(this.emails), joined(this.phones), this.company,
					this.jobTitle, this.birthday, joined(this.labels), this.notes)
			.forEach((value) -> cells.add(cell(value)));
		this.addresses.stream()
			.flatMap((address) -> Stream.of(address.text(), address.street(), address.city(), address.region(),
					address.postalCode(), address.country()))
			.forEach((value) -> cells.add(cell(value)));
		while (!cells.isEmpty() && cells.getLast().isEmpty()) {
			cells.removeLast();
		}
		return cells;
	}

	private static String joined(List<String> values) {
		return String.join(SEPARATOR, values);
	}

	private static String cell(@Nullable String value) {
		return (value != null) ? SpreadsheetCell.of(value) : "";
	}

	/**
	 * A postal address: its parts, or a text for one that came without parts.
	 *
	 * @param text the whole address, when there are no parts
	 * @param street street, house, post office box
	 * @param city the city
	 * @param region state or province
	 * @param postalCode the postal code
	 * @param country the country, as it was written
	 */
	public record PostalAddress(@Nullable String text, @Nullable String street, @Nullable String city,
			@Nullable String region, @Nullable String postalCode, @Nullable String country) {
	}

}
