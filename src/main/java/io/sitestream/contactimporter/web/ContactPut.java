package io.sitestream.contactimporter.web;

import java.util.List;
import java.util.Objects;

import io.sitestream.contactimporter.rows.Address;
import io.sitestream.contactimporter.rows.CanonicalText;
import io.sitestream.contactimporter.rows.ContactValues;
import io.sitestream.contactimporter.rows.ListField;
import io.sitestream.contactimporter.rows.RejectedRowException;
import io.sitestream.contactimporter.rows.RowReader;
import io.sitestream.contactjobs.ContactColumns;
import io.sitestream.contactjobs.ExportedContact;
import io.sitestream.platform.ProblemException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * A contact as a client puts it: what {@code GET} answered, changed. What is absent or
 * null is empty from then on.
 *
 * @param contactId that of the path, if given
 * @param version the version that was read, if given; as {@code If-Match}
 * @param fullName the name as a whole
 * @param givenName the first name
 * @param familyName the last name
 * @param emails e-mail addresses
 * @param phones international phone numbers
 * @param company where the person works
 * @param jobTitle as what
 * @param birthday the birthday
 * @param labels labels
 * @param notes notes
 * @param addresses postal addresses
 */
record ContactPut(@Nullable String contactId, @Nullable Long version, @Nullable String fullName,
		@Nullable String givenName, @Nullable String familyName, @Nullable List<String> emails,
		@Nullable List<String> phones, @Nullable String company, @Nullable String jobTitle, @Nullable String birthday,
		@Nullable List<String> labels, @Nullable String notes, @Nullable List<Address> addresses) {

	/**
	 * Judges the contact as a row of an imported file, so that it can be exported and
	 * imported again without loss.
	 * @return the values in the form in which they are stored
	 * @throws ProblemException 400 {@code invalid-contact}
	 */
	ContactValues values() {
		ExportedContact contact = new ExportedContact(this.fullName, this.givenName, this.familyName,
				present(this.emails), present(this.phones), this.company, this.jobTitle, this.birthday,
				present(this.labels), this.notes,
				present(this.addresses).stream().map(ContactExport::postalAddress).toList());
		ContactColumns columns = ContactColumns.of(ExportedContact.header(contact.addresses().size()));
		try {
			ContactValues values = new RowReader(columns, null).read(1, contact.row()).values();
			requireKept(contact.labels(), values.list(ListField.LABELS));
			return values;
		}
		catch (RejectedRowException ex) {
			throw invalid(ex.getMessage());
		}
	}

	private static void requireKept(List<String> labels, List<String> kept) {
		List<String> known = kept.stream().map(CanonicalText::of).toList();
		labels.stream()
			.filter((label) -> !known.contains(CanonicalText.of(label.strip())))
			.findFirst()
			.ifPresent((label) -> {
				throw invalid(
						"label '%s' cannot be kept: labels are not blank, have no ',', ';' or ':::', and do not begin with '* '."
							.formatted(label));
			});
	}

	private static <T> List<T> present(@Nullable List<T> values) {
		return (values != null) ? values.stream().filter(Objects::nonNull).toList() : List.of();
	}

	private static ProblemException invalid(String detail) {
		return new ProblemException(HttpStatus.BAD_REQUEST, "invalid-contact", detail);
	}

}
