package io.sitestream.contactimporter.rows;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.sitestream.contactjobs.ContactColumns;
import io.sitestream.contactjobs.ContactColumns.Column;
import io.sitestream.contactjobs.ContactField;
import io.sitestream.contactjobs.SpreadsheetCell;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of one file. A row with a bad value is rejected whole.
 */
public final class RowReader {

	private static final int LONGEST_TEXT = 1000;

	private static final Pattern MAIL_SEPARATOR = Pattern.compile(":::|[;,]");

	private static final Pattern SEPARATOR = Pattern.compile(":::|;");

	private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Cs}&&[^\\t\\r\\n]]");

	private static final Pattern LINE_END = Pattern.compile("\\r\\n?");

	/** Google marks the groups that it made itself. */
	private static final Pattern SYSTEM_GROUP = Pattern.compile("^\\*\\s+");

	private final ContactColumns columns;

	private final PhoneNumbers phoneNumbers;

	/**
	 * Creates a reader.
	 * @param columns the file's header
	 * @param defaultRegion the country of national phone numbers, or {@code null} if only
	 * international ones are accepted
	 */
	public RowReader(ContactColumns columns, @Nullable String defaultRegion) {
		this.columns = columns;
		this.phoneNumbers = new PhoneNumbers(defaultRegion);
	}

	/**
	 * Reads a row.
	 * @param number its number in the file
	 * @param cells its cells, fewer than columns if the last ones are empty
	 * @return the row
	 * @throws RejectedRowException if a value is bad, or if there is neither an e-mail
	 * nor a phone
	 */
	public ContactRow read(long number, List<String> cells) throws RejectedRowException {
		checkForm(cells);
		Map<ListField, List<String>> lists = new EnumMap<>(ListField.class);
		put(lists, ListField.EMAILS, emails(cells));
		put(lists, ListField.PHONES, phones(cells));
		put(lists, ListField.LABELS, labels(cells));
		if (!lists.containsKey(ListField.EMAILS) && !lists.containsKey(ListField.PHONES)) {
			throw new RejectedRowException("no-identifier", "the row has neither an e-mail nor a phone number.");
		}
		Map<TextField, String> texts = new EnumMap<>(TextField.class);
		put(texts, TextField.FULL_NAME, fullName(cells));
		put(texts, TextField.GIVEN_NAME, text(cells, ContactField.GIVEN_NAME));
		put(texts, TextField.FAMILY_NAME, text(cells, ContactField.FAMILY_NAME));
		put(texts, TextField.COMPANY, text(cells, ContactField.COMPANY));
		put(texts, TextField.JOB_TITLE, text(cells, ContactField.JOB_TITLE));
		put(texts, TextField.BIRTHDAY, birthday(cells));
		put(texts, TextField.NOTES, notes(cells));
		return new ContactRow(number,
				new ContactValues(texts, lists, Addresses.read(this.columns, (column) -> cell(cells, column))));
	}

	private void checkForm(List<String> cells) throws RejectedRowException {
		for (int i = 0; i < cells.size(); i++) {
			String column = (i < this.columns.size()) ? this.columns.columns().get(i).name() : "";
			if (i >= this.columns.size() && !cells.get(i).isBlank()) {
				throw new RejectedRowException("too-many-values", column, cells.get(i),
						"the row has more values than the header has names (%d): a quote may be missing."
							.formatted(this.columns.size()));
			}
			if (CONTROL.matcher(cells.get(i)).find()) {
				throw new RejectedRowException("control-character", column, cells.get(i),
						"the value has a control character.");
			}
		}
	}

	private List<String> emails(List<String> cells) throws RejectedRowException {
		Map<String, String> emails = new LinkedHashMap<>();
		for (Column column : this.columns.of(ContactField.EMAIL)) {
			for (String email : split(cells, column, MAIL_SEPARATOR)) {
				if (!EmailAddress.isValid(email)) {
					throw new RejectedRowException("invalid-email", column.name(), email,
							"expected an address such as name@example.org.");
				}
				emails.putIfAbsent(EmailAddress.key(email), CanonicalText.of(email));
			}
		}
		return List.copyOf(emails.values());
	}

	private List<String> phones(List<String> cells) throws RejectedRowException {
		List<String> phones = new ArrayList<>();
		for (Column column : this.columns.of(ContactField.PHONE)) {
			for (String phone : split(cells, column, SEPARATOR)) {
				phones.add(this.phoneNumbers.toE164(column.name(), phone));
			}
		}
		return phones.stream().distinct().toList();
	}

	private List<String> labels(List<String> cells) {
		return this.columns.of(ContactField.LABELS)
			.stream()
			.flatMap((column) -> split(cells, column, MAIL_SEPARATOR).stream())
			.map((label) -> SYSTEM_GROUP.matcher(label).replaceFirst(""))
			.collect(Collectors.toMap(CanonicalText::of, Function.identity(), (first, same) -> first,
					LinkedHashMap::new))
			.values()
			.stream()
			.toList();
	}

	/**
	 * The name as a whole: given, or made of its parts where they are complete. A part
	 * alone says nothing about the whole.
	 */
	private Optional<String> fullName(List<String> cells) throws RejectedRowException {
		Optional<String> whole = text(cells, ContactField.FULL_NAME);
		if (whole.isPresent() || text(cells, ContactField.GIVEN_NAME).isEmpty()
				|| text(cells, ContactField.FAMILY_NAME).isEmpty()) {
			return whole;
		}
		StringJoiner name = new StringJoiner(" ");
		for (ContactField part : List.of(ContactField.NAME_PREFIX, ContactField.GIVEN_NAME,
				ContactField.ADDITIONAL_NAME, ContactField.FAMILY_NAME, ContactField.NAME_SUFFIX)) {
			text(cells, part).ifPresent(name::add);
		}
		return Optional.of(name.toString());
	}

	private Optional<String> birthday(List<String> cells) throws RejectedRowException {
		for (Column column : this.columns.of(ContactField.BIRTHDAY)) {
			String text = cell(cells, column);
			if (!text.isEmpty() && !Placeholder.isOne(text)) {
				return Optional.of(Birthday.read(column.name(), text));
			}
		}
		return Optional.empty();
	}

	/**
	 * The notes, and beneath them what stands in columns that nobody knows.
	 */
	private Optional<String> notes(List<String> cells) {
		String notes = Stream
			.concat(this.columns.of(ContactField.NOTES).stream().map((column) -> cell(cells, column)),
					this.columns.of(ContactField.UNKNOWN)
						.stream()
						.filter((column) -> !cell(cells, column).isEmpty() && !Placeholder.isOne(cell(cells, column)))
						.map((column) -> column.name().strip() + ": " + cell(cells, column)))
			.filter((line) -> !line.isEmpty())
			.collect(Collectors.joining("\n"));
		return notes.isEmpty() ? Optional.empty() : Optional.of(notes);
	}

	private Optional<String> text(List<String> cells, ContactField field) throws RejectedRowException {
		for (Column column : this.columns.of(field)) {
			String text = cell(cells, column);
			if (text.length() > LONGEST_TEXT) {
				throw new RejectedRowException("too-long", column.name(), text,
						"%d characters are more than %d.".formatted(text.length(), LONGEST_TEXT));
			}
			if (!text.isEmpty()) {
				return Optional.of(text);
			}
		}
		return Optional.empty();
	}

	private static List<String> split(List<String> cells, Column column, Pattern separator) {
		return separator.splitAsStream(cell(cells, column))
			.map(String::strip)
			.filter((value) -> !value.isEmpty())
			.toList();
	}

	private static String cell(List<String> cells, Column column) {
		return (column.index() < cells.size())
				? LINE_END.matcher(SpreadsheetCell.value(cells.get(column.index()).strip())).replaceAll("\n").strip()
				: "";
	}

	private static void put(Map<ListField, List<String>> lists, ListField field, List<String> values) {
		if (!values.isEmpty()) {
			lists.put(field, values);
		}
	}

	private static void put(Map<TextField, String> texts, TextField field, Optional<String> value) {
		value.ifPresent((text) -> texts.put(field, text));
	}

}
