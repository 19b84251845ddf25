package io.sitestream.contactimporter.web;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import de.siegmar.fastcsv.writer.CsvWriter;
import ezvcard.VCardVersion;
import ezvcard.io.text.VCardWriter;
import io.sitestream.contactimporter.rows.Address;
import io.sitestream.contactjobs.ExportedContact;
import io.sitestream.contactjobs.ExportedContact.PostalAddress;

import org.springframework.stereotype.Component;

/**
 * Writes all contacts of an account, oldest first, a page at a time however many there
 * are. It is no snapshot: a contact that changes meanwhile is written as it was before or
 * after. Importing the file gives the same contacts, but those that share an e-mail
 * address become one, as always in an import.
 */
@Component
class ContactExport {

	private final ContactQueries contacts;

	ContactExport(ContactQueries contacts) {
		this.contacts = contacts;
	}

	/**
	 * Writes CSV. There are columns for as many addresses as a contact has at the
	 * beginning; a row with more is longer than the header, and an import says so.
	 * @param account whose contacts
	 * @param out where to
	 * @see io.sitestream.contactjobs.SpreadsheetCell
	 */
	void csv(String account, OutputStream out) {
		List<String> header = ExportedContact.header(this.contacts.mostAddresses(account));
		try (CsvWriter csv = CsvWriter.builder().build(out, StandardCharsets.UTF_8)) {
			csv.writeRecord(header);
			this.contacts.each(account, (contact) -> {
				List<String> cells = new ArrayList<>(exported(contact).row());
				while (cells.size() < header.size()) {
					cells.add("");
				}
				csv.writeRecord(cells);
			});
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Writes vCards, version 4.0.
	 * @param account whose contacts
	 * @param out where to
	 */
	void vcard(String account, OutputStream out) {
		try (VCardWriter cards = new VCardWriter(out, VCardVersion.V4_0)) {
			cards.setAddProdId(false);
			// quotes and line breaks within parameters: RFC 6868
			cards.setCaretEncodingEnabled(true);
			this.contacts.each(account, (contact) -> {
				try {
					cards.write(VCardOfContact.of(exported(contact)));
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			});
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static PostalAddress postalAddress(Address address) {
		return new PostalAddress(address.text(), address.street(), address.city(), address.region(),
				address.postalCode(), address.country());
	}

	private static ExportedContact exported(ContactView contact) {
		return new ExportedContact(contact.fullName(), contact.givenName(), contact.familyName(), contact.emails(),
				contact.phones(), contact.company(), contact.jobTitle(), contact.birthday(), contact.labels(),
				contact.notes(), contact.addresses().stream().map(ContactExport::postalAddress).toList());
	}

}
