package io.sitestream.contactimporter.web;

import java.time.LocalDate;
import java.time.MonthDay;

import ezvcard.VCard;
import ezvcard.property.Address;
import ezvcard.property.Birthday;
import ezvcard.property.StructuredName;
import ezvcard.util.PartialDate;
import io.sitestream.contactjobs.ExportedContact;
import io.sitestream.contactjobs.ExportedContact.PostalAddress;
import org.jspecify.annotations.Nullable;

/**
 * Contacts as vCards (RFC 6350).
 */
final class VCardOfContact {

	private VCardOfContact() {
	}

	static VCard of(ExportedContact contact) {
		VCard card = new VCard();
		if (contact.fullName() != null) {
			card.setFormattedName(contact.fullName());
		}
		if (contact.givenName() != null || contact.familyName() != null) {
			StructuredName name = new StructuredName();
			name.setGiven(contact.givenName());
			name.setFamily(contact.familyName());
			card.setStructuredName(name);
		}
		contact.emails().forEach(card::addEmail);
		contact.phones().forEach(card::addTelephoneNumber);
		if (contact.company() != null) {
			card.setOrganization(contact.company());
		}
		if (contact.jobTitle() != null) {
			card.addTitle(contact.jobTitle());
		}
		if (contact.birthday() != null) {
			card.setBirthday(birthday(contact.birthday()));
		}
		if (!contact.labels().isEmpty()) {
			card.setCategories(contact.labels().toArray(String[]::new));
		}
		if (contact.notes() != null) {
			card.addNote(contact.notes());
		}
		contact.addresses().forEach((address) -> card.addAddress(address(address)));
		return card;
	}

	private static Birthday birthday(String text) {
		if (text.startsWith("--")) {
			MonthDay day = MonthDay.parse(text);
			return new Birthday(PartialDate.builder().month(day.getMonthValue()).date(day.getDayOfMonth()).build());
		}
		return new Birthday(LocalDate.parse(text));
	}

	private static Address address(PostalAddress from) {
		Address address = new Address();
		address.setStreetAddress(from.street());
		address.setLocality(from.city());
		address.setRegion(from.region());
		address.setPostalCode(from.postalCode());
		address.setCountry(from.country());
		@Nullable String text = from.text();
		if (text != null) {
			address.setLabel(text);
			if (text.contains("\\n")) {
				address.setParameter(ExportedContact.ADDRESS_TEXT, text);
			}
		}
		return address;
	}

}
