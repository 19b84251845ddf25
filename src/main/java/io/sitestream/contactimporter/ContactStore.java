package io.sitestream.contactimporter;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

import io.sitestream.contactimporter.rows.EmailAddress;
import io.sitestream.contactimporter.rows.ListField;
import io.sitestream.contactimporter.rows.TextField;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The contacts in PostgreSQL, read and written a batch at a time.
 */
@Component
class ContactStore {

	private static final String BY_IDENTIFIERS = """
			select %s from contacts.contact where contact_id in (
			    select contact_id from contacts.contact_email where account = ? and email = any(?)
			    union select contact_id from contacts.contact_phone where account = ? and phone = any(?))
			""".formatted(ContactRowMapper.COLUMNS);

	private static final String UPSERT = """
			insert into contacts.contact (contact_id, account, version, full_name, given_name, family_name, company,
			    job_title, birthday, notes, emails, phones, labels, addresses)
			select x.contact_id, ?, x.version, x.full_name, x.given_name, x.family_name, x.company,
			    x.job_title, x.birthday, x.notes, x.emails::jsonb, x.phones::jsonb, x.labels::jsonb, x.addresses::jsonb
			from unnest(?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
			    ?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) with ordinality
			    as x(contact_id, version, full_name, given_name, family_name, company, job_title, birthday, notes,
			    emails, phones, labels, addresses, place)
			order by x.place
			on conflict (contact_id) do update set version = excluded.version, full_name = excluded.full_name,
			    given_name = excluded.given_name, family_name = excluded.family_name, company = excluded.company,
			    job_title = excluded.job_title, birthday = excluded.birthday, notes = excluded.notes,
			    emails = excluded.emails, phones = excluded.phones, labels = excluded.labels,
			    addresses = excluded.addresses, updated_at = now()
			""";

	private static final String BY_ID = "select %s from contacts.contact where account = ? and contact_id = ?"
		.formatted(ContactRowMapper.COLUMNS);

	private final JdbcClient jdbc;

	private final ContactRowMapper contacts;

	private final JsonColumns json;

	ContactStore(JdbcClient jdbc, ContactRowMapper contacts, JsonColumns json) {
		this.jdbc = jdbc;
		this.contacts = contacts;
		this.json = json;
	}

	/**
	 * Makes this transaction the only one that writes the contacts of an account, until
	 * its end. Batches of one account may share any number of contacts; taking them one
	 * at a time excludes deadlocks and doubles. Other accounts are not held up.
	 * @param account the account
	 */
	void lock(String account) {
		this.jdbc.sql("select pg_advisory_xact_lock(hashtextextended(?, 0))")
			.param("contacts/" + account)
			.query((row) -> {
			});
	}

	/**
	 * Finds the contacts that have one of some identifiers.
	 * @param account the account
	 * @param emails keys of e-mail addresses
	 * @param phones phone numbers
	 * @return the contacts
	 */
	List<Contact> find(String account, Collection<String> emails, Collection<String> phones) {
		return this.jdbc.sql(BY_IDENTIFIERS)
			.param(account)
			.param(emails.stream().flatMap(ContactStore::forms).toArray(String[]::new))
			.param(account)
			.param(phones.toArray(String[]::new))
			.query(this.contacts)
			.list();
	}

	/**
	 * Processes of the release before, which run beside this one while it is rolled out,
	 * write addresses in the form in which they came.
	 */
	private static Stream<String> forms(String email) {
		return Stream.of(email, Normalizer.normalize(email, Normalizer.Form.NFD)).distinct();
	}

	Optional<Contact> find(String account, String contactId) {
		return this.jdbc.sql(BY_ID).param(account).param(contactId).query(this.contacts).optional();
	}

	List<Contact> findAll(String account, Collection<String> contactIds) {
		return this.jdbc
			.sql("select %s from contacts.contact where account = ? and contact_id = any(?)"
				.formatted(ContactRowMapper.COLUMNS))
			.param(account)
			.param(contactIds.toArray(String[]::new))
			.query(this.contacts)
			.list();
	}

	void save(String account, Collection<Contact> contacts) {
		if (contacts.isEmpty()) {
			return;
		}
		this.jdbc.sql(UPSERT)
			.param(account)
			.param(column(contacts, Contact::contactId))
			.param(contacts.stream().map(Contact::version).toArray(Long[]::new))
			.params(texts(contacts))
			.param(column(contacts, (contact) -> list(contact, ListField.EMAILS)))
			.param(column(contacts, (contact) -> list(contact, ListField.PHONES)))
			.param(column(contacts, (contact) -> list(contact, ListField.LABELS)))
			.param(column(contacts, (contact) -> this.json.write(contact.values().addresses())))
			.update();
		saveKeys("email", account, contacts,
				(contact) -> contact.values().list(ListField.EMAILS).stream().map(EmailAddress::key).toList());
		saveKeys("phone", account, contacts, (contact) -> contact.values().list(ListField.PHONES));
	}

	/**
	 * Saves contacts that may have lost identifiers, by which they are then no longer
	 * found.
	 * @param account whose they are
	 * @param contacts the contacts as they are now
	 */
	void replace(String account, Collection<Contact> contacts) {
		String[] ids = contacts.stream().map(Contact::contactId).toArray(String[]::new);
		for (String key : List.of("email", "phone")) {
			this.jdbc.sql("delete from contacts.contact_%s where contact_id = any(?)".formatted(key))
				.param(ids)
				.update();
		}
		save(account, contacts);
	}

	void remove(Collection<String> contactIds) {
		this.jdbc.sql("delete from contacts.contact where contact_id = any(?)")
			.param(contactIds.toArray(String[]::new))
			.update();
	}

	private void saveKeys(String key, String account, Collection<Contact> contacts,
			Function<Contact, List<String>> keysOf) {
		List<String> keys = new ArrayList<>();
		List<String> ids = new ArrayList<>();
		contacts.forEach((contact) -> keysOf.apply(contact).forEach((value) -> {
			keys.add(value);
			ids.add(contact.contactId());
		}));
		this.jdbc.sql("""
				insert into contacts.contact_%1$s (account, %1$s, contact_id)
				select ?, x.key, x.contact_id from unnest(?::text[], ?::text[]) as x(key, contact_id)
				on conflict do nothing
				""".formatted(key))
			.param(account)
			.param(keys.toArray(String[]::new))
			.param(ids.toArray(String[]::new))
			.update();
	}

	private String list(Contact contact, ListField field) {
		return this.json.write(contact.values().list(field));
	}

	private static List<Object> texts(Collection<Contact> contacts) {
		List<Object> columns = new ArrayList<>();
		for (TextField field : TextField.values()) {
			columns.add(column(contacts, (contact) -> contact.values().texts().get(field)));
		}
		return columns;
	}

	private static @Nullable String[] column(Collection<Contact> contacts, Function<Contact, @Nullable String> value) {
		return contacts.stream().map(value).toArray(String[]::new);
	}

}
