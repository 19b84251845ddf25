package io.sitestream.contactjobs.intake;

import java.time.LocalDate;
import java.time.Year;
import java.time.YearMonth;
import java.time.temporal.ChronoField;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import ezvcard.VCard;
import ezvcard.property.Address;
import ezvcard.property.Anniversary;
import ezvcard.property.BinaryProperty;
import ezvcard.property.Birthday;
import ezvcard.property.Gender;
import ezvcard.property.Impp;
import ezvcard.property.Organization;
import ezvcard.property.RawProperty;
import ezvcard.property.Related;
import ezvcard.property.StructuredName;
import ezvcard.property.Telephone;
import ezvcard.property.TextListProperty;
import ezvcard.property.TextProperty;
import ezvcard.property.VCardProperty;
import ezvcard.util.PartialDate;
import io.sitestream.contactjobs.ExportedContact;
import io.sitestream.contactjobs.ExportedContact.PostalAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a vCard says about a contact, unjudged. What has no column is kept as notes, but
 * for what describes the card and not the person. Pictures and sounds are dropped, with a
 * note.
 */
final class ContactOfVCard {

	/** They describe the card, or are read into columns. */
	private static final Set<String> SILENT = Set.of("FormattedName", "Categories", "Note", "Uid", "ProductId",
			"SortString", "Source", "SourceDisplayText", "Profile", "Mailer", "Classification", "Kind", "Label", "Xml",
			"Email", "Title");

	/** Apple's names of custom labels, and its bookkeeping. */
	private static final Set<String> APPLE = Set.of("X-ABLABEL", "X-ABADR", "X-ABUID", "X-ABSHOWAS", "X-ABORDER");

	/** The year that Apple writes for none. */
	private static final String OMITTED_YEAR = "X-APPLE-OMIT-YEAR";

	private final VCard card;

	private final List<String> notes = new ArrayList<>();

	private ContactOfVCard(VCard card) {
		this.card = card;
	}

	/**
	 * Reads a vCard.
	 * @param card the card
	 * @param most how many addresses have columns; more are kept as notes
	 * @return the contact
	 */
	static ExportedContact read(VCard card, int most) {
		return new ContactOfVCard(card).read(most);
	}

	private ExportedContact read(int most) {
		this.card.getNotes().forEach((note) -> note(null, note.getValue()));
		@Nullable StructuredName name = this.card.getStructuredName();
		String company = company();
		String title = first("Title", this.card.getTitles().stream().map(TextProperty::getValue).toList());
		List<PostalAddress> addresses = addresses();
		addresses.stream().skip(most).forEach((address) -> note("Address", text(address)));
		this.card.getProperties().forEach(this::keep);
		return new ExportedContact(fullName(name), (name != null) ? name.getGiven() : null,
				(name != null) ? name.getFamily() : null,
				present(this.card.getEmails().stream().map(TextProperty::getValue)),
				present(this.card.getTelephoneNumbers().stream().map(ContactOfVCard::number)), company, title,
				birthday(),
				present(this.card.getCategoriesList().stream().flatMap((list) -> list.getValues().stream())),
				this.notes.isEmpty() ? null : String.join("\n", this.notes), addresses.stream().limit(most).toList());
	}

	private @Nullable String fullName(@Nullable StructuredName name) {
		if (this.card.getFormattedName() != null && isPresent(this.card.getFormattedName().getValue())) {
			return this.card.getFormattedName().getValue();
		}
		if (name == null) {
			return null;
		}
		return Stream
			.of(name.getPrefixes().stream(), Stream.of(name.getGiven()), name.getAdditionalNames().stream(),
					Stream.of(name.getFamily()), name.getSuffixes().stream())
			.flatMap((part) -> part)
			.filter(ContactOfVCard::isPresent)
			.collect(Collectors.joining(" "));
	}

	private String company() {
		List<String> names = new ArrayList<>();
		for (Organization organization : this.card.getOrganizations()) {
			List<String> units = present(organization.getValues().stream());
			if (!units.isEmpty()) {
				names.add(units.getFirst());
				units.stream().skip(1).forEach((unit) -> note("Department", unit));
			}
		}
		return first("Company", names);
	}

	private String first(String what, List<String> values) {
		values.stream().skip(1).forEach((value) -> note(what, value));
		return values.isEmpty() ? "" : values.getFirst();
	}

	private List<PostalAddress> addresses() {
		return Stream
			.concat(this.card.getAddresses().stream().map(ContactOfVCard::address),
					this.card.getOrphanedLabels()
						.stream()
						.map((label) -> new PostalAddress(label.getValue(), null, null, null, null, null)))
			.filter((address) -> !text(address).isBlank())
			.toList();
	}

	private static PostalAddress address(Address address) {
		String street = present(Stream.of(address.getPoBoxes(), address.getExtendedAddresses()).flatMap(List::stream))
			.stream()
			.collect(Collectors.joining("\n"));
		String streets = String.join(", ", present(address.getStreetAddresses().stream()));
		PostalAddress parts = new PostalAddress(null,
				Stream.of(street, streets).filter((part) -> !part.isEmpty()).collect(Collectors.joining("\n")),
				address.getLocality(), address.getRegion(), address.getPostalCode(), address.getCountry());
		@Nullable String label = (address.getParameter(ExportedContact.ADDRESS_TEXT) != null)
				? address.getParameter(ExportedContact.ADDRESS_TEXT) : address.getLabel();
		return (text(parts).isBlank() && label != null) ? new PostalAddress(label, null, null, null, null, null)
				: parts;
	}

	private static String text(PostalAddress address) {
		return Stream
			.of(address.text(), address.street(), address.postalCode(), address.city(), address.region(),
					address.country())
			.filter(ContactOfVCard::isPresent)
			.collect(Collectors.joining(", "));
	}

	private static @Nullable String number(Telephone telephone) {
		return (telephone.getUri() != null) ? telephone.getUri().getNumber() : telephone.getText();
	}

	private @Nullable String birthday() {
		Birthday birthday = this.card.getBirthday();
		if (birthday == null) {
			return null;
		}
		PartialDate partial = birthday.getPartialDate();
		if (partial != null && partial.getYear() == null && partial.getMonth() != null && partial.getDate() != null) {
			return "--%02d-%02d".formatted(partial.getMonth(), partial.getDate());
		}
		Temporal date = birthday.getDate();
		if (date != null && date.isSupported(ChronoField.DAY_OF_MONTH)) {
			LocalDate day = LocalDate.from(date);
			boolean omitted = Objects.equals(birthday.getParameter(OMITTED_YEAR), Integer.toString(day.getYear()));
			return omitted ? "--%02d-%02d".formatted(day.getMonthValue(), day.getDayOfMonth()) : day.toString();
		}
		if (date instanceof Year || date instanceof YearMonth || partial != null) {
			note("Birthday", (date != null) ? date.toString() : String.valueOf(partial));
			return null;
		}
		return birthday.getText();
	}

	private void keep(VCardProperty property) {
		String name = property.getClass().getSimpleName();
		switch (property) {
			case BinaryProperty<?> binary -> note(name, "not imported");
			case RawProperty raw when APPLE.contains(raw.getPropertyName().toUpperCase(Locale.ROOT)) -> {
			}
			case RawProperty raw -> note(raw.getPropertyName(), raw.getValue());
			case TextListProperty list when !SILENT.contains(name) && !(list instanceof Organization) ->
				note(name, String.join(", ", list.getValues()));
			case TextProperty text when !SILENT.contains(name) -> note(name, text.getValue());
			case Impp impp when impp.getUri() != null -> note(name, impp.getUri().toString());
			case Related related -> note(name, (related.getText() != null) ? related.getText() : related.getUri());
			case Gender gender -> note(name, (gender.getText() != null) ? gender.getText() : gender.getGender());
			case Anniversary day -> note(name, (day.getDate() != null) ? day.getDate().toString() : day.getText());
			default -> {
			}
		}
	}

	private void note(@Nullable String what, @Nullable String value) {
		if (isPresent(value)) {
			this.notes.add((what != null) ? what + ": " + value : value);
		}
	}

	private static List<String> present(Stream<? extends @Nullable String> values) {
		return values.filter(ContactOfVCard::isPresent).map(Objects::requireNonNull).map(String::strip).toList();
	}

	private static boolean isPresent(@Nullable String value) {
		return value != null && !value.isBlank();
	}

}
