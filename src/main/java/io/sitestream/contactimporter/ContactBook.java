package io.sitestream.contactimporter;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import io.sitestream.contactimporter.rows.ContactRow;
import io.sitestream.contactimporter.rows.ContactValues;
import io.sitestream.contactimporter.rows.EmailAddress;
import io.sitestream.contactimporter.rows.ListField;
import io.sitestream.contactjobs.OnDuplicate;

/**
 * The contacts that the rows of one batch can mean, and what the rows make of them. A row
 * means the oldest contact that has one of its e-mails; only a row without any e-mail is
 * matched by phone.
 */
final class ContactBook {

	private static final long YOUNG = Long.MAX_VALUE / 2;

	private final Supplier<String> ids;

	private final OnDuplicate onDuplicate;

	private final Map<String, Contact> contacts = new HashMap<>();

	private final Map<String, Contact> byEmail = new HashMap<>();

	private final Map<String, Contact> byPhone = new HashMap<>();

	private final Map<String, ImportMarks> marks;

	private final Map<String, Contact> changed = new LinkedHashMap<>();

	private final Map<String, ImportMarks> touched = new LinkedHashMap<>();

	private long created;

	/**
	 * Opens a book.
	 * @param known the contacts that are stored and have an identifier of one of the rows
	 * @param marks what the import has done to some of them
	 * @param onDuplicate what to do with contacts that were there before the import
	 * @param ids makes ids for new contacts
	 */
	ContactBook(Collection<Contact> known, Map<String, ImportMarks> marks, OnDuplicate onDuplicate,
			Supplier<String> ids) {
		this.ids = ids;
		this.onDuplicate = onDuplicate;
		this.marks = new HashMap<>(marks);
		known.forEach(this::enter);
	}

	RowOutcome take(ContactRow row) {
		Merge merge = find(row.values()).map((contact) -> Merge.merge(contact, marks(contact), row, this.onDuplicate))
			.orElseGet(() -> Merge.create(this.ids.get(), YOUNG + this.created++, row));
		Contact contact = merge.contact();
		if (merge.outcome() == RowOutcome.CREATED || merge.outcome() == RowOutcome.UPDATED) {
			enter(contact);
			this.changed.put(contact.contactId(), contact);
		}
		if (this.changed.containsKey(contact.contactId()) || !merge.marks().equals(marks(contact))) {
			this.marks.put(contact.contactId(), merge.marks());
			this.touched.put(contact.contactId(), merge.marks());
		}
		return merge.outcome();
	}

	/**
	 * The contacts that are new or other than they were, in the order of their first
	 * change.
	 * @return the contacts
	 */
	Collection<Contact> changed() {
		return this.changed.values();
	}

	/**
	 * What the import has done to the contacts to which this batch did something.
	 * @return the marks by contact
	 */
	Map<String, ImportMarks> touched() {
		return this.touched;
	}

	private ImportMarks marks(Contact contact) {
		return this.marks.getOrDefault(contact.contactId(), ImportMarks.NONE);
	}

	private Optional<Contact> find(ContactValues values) {
		List<String> emails = values.list(ListField.EMAILS);
		List<String> phones = values.list(ListField.PHONES);
		return (emails.isEmpty() ? phones.stream().map(this.byPhone::get)
				: emails.stream().map(EmailAddress::key).map(this.byEmail::get))
			.filter((contact) -> contact != null)
			.min(Comparator.comparingLong(Contact::age))
			.map((contact) -> this.contacts.getOrDefault(contact.contactId(), contact));
	}

	private void enter(Contact contact) {
		this.contacts.put(contact.contactId(), contact);
		contact.values()
			.list(ListField.EMAILS)
			.forEach((email) -> this.byEmail.merge(EmailAddress.key(email), contact, ContactBook::older));
		contact.values()
			.list(ListField.PHONES)
			.forEach((phone) -> this.byPhone.merge(phone, contact, ContactBook::older));
	}

	private static Contact older(Contact one, Contact other) {
		return (other.age() <= one.age()) ? other : one;
	}

}
