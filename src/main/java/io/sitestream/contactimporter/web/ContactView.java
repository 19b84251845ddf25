package io.sitestream.contactimporter.web;

import java.util.List;

import io.sitestream.contactimporter.rows.Address;
import org.jspecify.annotations.Nullable;

/**
 * A contact as the API answers it.
 *
 * @param contactId its id
 * @param version counts its changes from 1
 * @param fullName the name as a whole
 * @param givenName the first name
 * @param familyName the last name
 * @param emails e-mail addresses as they were written
 * @param phones phone numbers in the form of E.164
 * @param company where the person works
 * @param jobTitle as what
 * @param birthday {@code 1906-12-09}, or {@code --12-09} without a year
 * @param labels the labels
 * @param notes notes, unknown columns of imported files among them
 * @param addresses postal addresses
 */
record ContactView(String contactId, long version, @Nullable String fullName, @Nullable String givenName,
		@Nullable String familyName, List<String> emails, List<String> phones, @Nullable String company,
		@Nullable String jobTitle, @Nullable String birthday, List<String> labels, @Nullable String notes,
		List<Address> addresses) {

}
