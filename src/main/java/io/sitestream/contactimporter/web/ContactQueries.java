package io.sitestream.contactimporter.web;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import io.sitestream.contactimporter.rows.Address;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Reads contacts of one account.
 */
@Component
class ContactQueries {

	private static final int PAGE = 500;

	private static final String SELECT = """
			select contact_id, age, version, full_name, given_name, family_name, emails, phones, company, job_title,
			    birthday, labels, notes, addresses
			from contacts.contact where account = ?
			""";

	/**
	 * Somewhere in the name, the company, an e-mail, a phone number or a label, in
	 * whatever case and normal form: in NFD the letters stand for themselves, which every
	 * locale of a database knows how to make small; in NFC no letter is found within
	 * another. What has ASCII alone, as most contacts have, has one form.
	 */
	private static final String MATCHING = """
			 and (select case when octet_length(words) = char_length(words)
			        then position(lower(?) in lower(words))
			        else position(normalize(lower(normalize(?, NFD)), NFC) in normalize(lower(normalize(words, NFD)), NFC))
			    end from (select concat_ws(' ', full_name, given_name, family_name, company, emails::text, phones::text,
			        labels::text) as words) as searched) > 0
			""";

	private static final TypeReference<List<String>> STRINGS = new TypeReference<>() {
	};

	private static final TypeReference<List<Address>> ADDRESSES = new TypeReference<>() {
	};

	private final JdbcClient jdbc;

	private final JsonMapper mapper;

	ContactQueries(JdbcClient jdbc, JsonMapper mapper) {
		this.jdbc = jdbc;
		this.mapper = mapper;
	}

	Optional<ContactView> find(String account, String contactId) {
		return this.jdbc.sql(SELECT + " and contact_id = ?")
			.param(account)
			.param(contactId)
			.query(this::view)
			.optional();
	}

	/**
	 * Lists contacts in the order of their ids.
	 * @param account whose they are
	 * @param words what to look for; empty for all
	 * @param after the id after which to begin; empty for the first
	 * @param most how many at most
	 * @return the contacts
	 */
	List<ContactView> list(String account, String words, String after, int most) {
		return this.jdbc.sql(SELECT + MATCHING + " and contact_id > ? order by contact_id limit ?")
			.param(account)
			.param(words)
			.param(words)
			.param(after)
			.param(most)
			.query(this::view)
			.list();
	}

	/**
	 * Reads all contacts of an account, oldest first, a page at a time: while the reader
	 * has them, no connection to the database is held, so a slow one holds up nobody. A
	 * contact that changes meanwhile is read as it is when its page comes.
	 * @param account whose they are
	 * @param reader takes each
	 */
	void each(String account, Consumer<ContactView> reader) {
		List<Aged> page = page(account, Long.MIN_VALUE);
		while (!page.isEmpty()) {
			page.forEach((aged) -> reader.accept(aged.contact()));
			page = page(account, page.getLast().age());
		}
	}

	private List<Aged> page(String account, long after) {
		return this.jdbc.sql(SELECT + " and age > ? order by age limit ?")
			.param(account)
			.param(after)
			.param(PAGE)
			.query((row, number) -> new Aged(row.getLong("age"), view(row, number)))
			.list();
	}

	/**
	 * How many addresses the contact has that has the most.
	 * @param account whose contacts
	 * @return the number, 0 without contacts
	 */
	int mostAddresses(String account) {
		return this.jdbc
			.sql("select coalesce(max(jsonb_array_length(addresses)), 0) from contacts.contact where account = ?")
			.param(account)
			.query(Integer.class)
			.single();
	}

	private ContactView view(ResultSet row, int number) throws SQLException {
		return new ContactView(row.getString("contact_id"), row.getLong("version"), row.getString("full_name"),
				row.getString("given_name"), row.getString("family_name"), strings(row.getString("emails")),
				strings(row.getString("phones")), row.getString("company"), row.getString("job_title"),
				row.getString("birthday"), strings(row.getString("labels")), row.getString("notes"),
				this.mapper.readValue(row.getString("addresses"), ADDRESSES));
	}

	private List<String> strings(String json) {
		return this.mapper.readValue(json, STRINGS);
	}

	/**
	 * A contact and its place in the order.
	 *
	 * @param age grows with every contact
	 * @param contact the contact
	 */
	private record Aged(long age, ContactView contact) {

	}

}
