package io.sitestream.contactimporter;

import io.sitestream.contactimporter.rows.ContactValues;

/**
 * A contact as it is stored.
 *
 * @param contactId its id
 * @param version counts its changes from 1
 * @param age the smallest is the oldest contact
 * @param values what is known about it
 */
record Contact(String contactId, long version, long age, ContactValues values) {

	Contact changed(ContactValues values) {
		return new Contact(this.contactId, this.version + 1, this.age, values);
	}

}
