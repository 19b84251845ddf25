package io.sitestream.contactimporter;

import java.util.List;

import io.sitestream.contactimporter.rows.ContactRow;
import io.sitestream.contactimporter.rows.ContactValues;
import io.sitestream.platform.Preconditions;
import io.sitestream.platform.ProblemException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Changes single contacts, one after the other with the imports of their account.
 */
@Component
public class ContactEditor {

	private final ContactStore store;

	ContactEditor(ContactStore store) {
		this.store = store;
	}

	/**
	 * Gives a contact new values. Equal ones change nothing.
	 * @param account whose it is
	 * @param contactId the contact
	 * @param values all that is known about it from now on
	 * @param preconditions what must hold
	 * @param expected the version that it must have besides, or {@code null} for any
	 * @throws ProblemException 404 {@code unknown-contact}, 412 {@code version-conflict}
	 */
	@Transactional
	public void replace(String account, String contactId, ContactValues values, Preconditions preconditions,
			@Nullable Long expected) {
		Contact contact = require(account, contactId, preconditions);
		if (expected != null && expected != contact.version()) {
			throw new ProblemException(HttpStatus.PRECONDITION_FAILED, "version-conflict",
					"Contact '%s' has version %d, expected was %d: read it again and repeat the change on it."
						.formatted(contactId, contact.version(), expected))
				.withHeader(HttpHeaders.ETAG, "\"" + contact.version() + "\"");
		}
		ContactValues stored = Merge.create(contactId, contact.age(), new ContactRow(1, values)).contact().values();
		if (!stored.equals(contact.values())) {
			this.store.replace(account, List.of(contact.changed(stored)));
		}
	}

	/**
	 * Removes a contact.
	 * @param account whose it is
	 * @param contactId the contact
	 * @param preconditions what must hold
	 * @throws ProblemException 404 {@code unknown-contact}, 412 {@code version-conflict}
	 */
	@Transactional
	public void remove(String account, String contactId, Preconditions preconditions) {
		this.store.remove(List.of(require(account, contactId, preconditions).contactId()));
	}

	private Contact require(String account, String contactId, Preconditions preconditions) {
		this.store.lock(account);
		Contact contact = this.store.find(account, contactId)
			.orElseThrow(() -> new ProblemException(HttpStatus.NOT_FOUND, "unknown-contact",
					"Account '%s' has no contact '%s'. Its contacts are listed at /api/contacts.".formatted(account,
							contactId)));
		preconditions.require("Contact '%s'".formatted(contactId), contact.version(), true);
		return contact;
	}

}
