package io.sitestream.contactimporter;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.sitestream.contactimporter.rows.ContactValues;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What imports have done to contacts: which rows set their fields, and how they were
 * before.
 */
@Component
class ContactHistory {

	private static final TypeReference<Map<String, Long>> ROWS = new TypeReference<>() {
	};

	private static final TypeReference<ContactValues> VALUES = new TypeReference<>() {
	};

	private static final String SAVE = """
			insert into contacts.imported_contact as known (import_id, batch, contact_id, created, field_rows,
			    before_values, before_version, after_version)
			select ?, ?, x.contact_id, x.created, x.field_rows::jsonb, x.before_values::jsonb, x.before_version,
			    x.after_version
			from unnest(?::text[], ?::boolean[], ?::text[], ?::text[], ?::bigint[], ?::bigint[])
			    as x(contact_id, created, field_rows, before_values, before_version, after_version)
			on conflict (import_id, contact_id) do update set field_rows = excluded.field_rows,
			    edited = known.edited or (known.after_version is not null and excluded.after_version is not null
			        and known.after_version <> excluded.before_version),
			    before_values = case when known.after_version is null then excluded.before_values
			        else known.before_values end,
			    before_version = case when known.after_version is null then excluded.before_version
			        else known.before_version end,
			    after_version = coalesce(excluded.after_version, known.after_version)
			""";

	private final JdbcClient jdbc;

	private final JsonColumns json;

	ContactHistory(JdbcClient jdbc, JsonColumns json) {
		this.jdbc = jdbc;
		this.json = json;
	}

	Map<String, ImportMarks> marks(String importId, Collection<Contact> contacts) {
		Map<String, ImportMarks> marks = new HashMap<>();
		this.jdbc.sql(
				"select contact_id, created, field_rows from contacts.imported_contact where import_id = ? and contact_id = any(?)")
			.param(importId)
			.param(contacts.stream().map(Contact::contactId).toArray(String[]::new))
			.query((row) -> {
				marks.put(row.getString("contact_id"),
						new ImportMarks(row.getBoolean("created"), this.json.read(row.getString("field_rows"), ROWS)));
			});
		return marks;
	}

	/**
	 * Saves what a batch has done to contacts.
	 * @param importId the import
	 * @param batch the batch
	 * @param steps one for each contact
	 */
	void save(String importId, int batch, List<Step> steps) {
		if (steps.isEmpty()) {
			return;
		}
		this.jdbc.sql(SAVE)
			.param(importId)
			.param(batch)
			.param(steps.stream().map(Step::contactId).toArray(String[]::new))
			.param(steps.stream().map((step) -> step.marks().created()).toArray(Boolean[]::new))
			.param(steps.stream().map((step) -> this.json.write(step.marks().rows())).toArray(String[]::new))
			.param(steps.stream().map(this::before).toArray(String[]::new))
			.param(steps.stream().map((step) -> step.before().map(Contact::version).orElse(0L)).toArray(Long[]::new))
			.param(steps.stream().map((step) -> step.after().map(Contact::version).orElse(null)).toArray(Long[]::new))
			.update();
	}

	/**
	 * The contacts that an import has changed and that it came upon in a batch first.
	 * @param importId the import
	 * @param batch the batch
	 * @return the changes, in the order of the contacts' ids
	 */
	List<Change> changes(String importId, int batch) {
		return this.jdbc.sql("""
				select contact_id, before_values, before_version, after_version, edited
				from contacts.imported_contact where import_id = ? and batch = ? and after_version is not null
				order by contact_id
				""")
			.param(importId)
			.param(batch)
			.query((row, number) -> new Change(row.getString("contact_id"),
					Optional.ofNullable(row.getString("before_values")).map((json) -> this.json.read(json, VALUES)),
					row.getLong("before_version"), row.getLong("after_version"), row.getBoolean("edited")))
			.list();
	}

	/**
	 * Forgets what an import did to the contacts that it came upon in a batch first.
	 * @param importId the import
	 * @param batch the batch
	 */
	void forget(String importId, int batch) {
		this.jdbc.sql("delete from contacts.imported_contact where import_id = ? and batch = ?")
			.param(importId)
			.param(batch)
			.update();
	}

	/**
	 * Lets an earlier import find a contact as it left it, since a later one was undone.
	 * @param change what is undone
	 * @param version the contact's version now
	 */
	void rebase(Change change, long version) {
		this.jdbc
			.sql("update contacts.imported_contact set after_version = ? where contact_id = ? and after_version = ?")
			.param(version)
			.param(change.contactId())
			.param(change.beforeVersion())
			.update();
	}

	private @Nullable String before(Step step) {
		return step.before().map((contact) -> this.json.write(contact.values())).orElse(null);
	}

	/**
	 * What a batch has done to a contact.
	 *
	 * @param contactId the contact
	 * @param marks the rows that set its fields
	 * @param before the contact before the batch, if it was there
	 * @param after the contact after the batch, if that changed it
	 */
	record Step(String contactId, ImportMarks marks, Optional<Contact> before, Optional<Contact> after) {

		static List<Step> of(List<Contact> known, ContactBook book) {
			Map<String, Contact> before = new HashMap<>();
			known.forEach((contact) -> before.put(contact.contactId(), contact));
			Map<String, Contact> after = new HashMap<>();
			book.changed().forEach((contact) -> after.put(contact.contactId(), contact));
			List<Step> steps = new ArrayList<>();
			book.touched()
				.forEach((id, marks) -> steps
					.add(new Step(id, marks, Optional.ofNullable(before.get(id)), Optional.ofNullable(after.get(id)))));
			return steps;
		}

	}

	/**
	 * What an import has done to a contact.
	 *
	 * @param contactId the contact
	 * @param before how it was before, or nothing if the import made it
	 * @param beforeVersion its version then, 0 if the import made it
	 * @param afterVersion its version after the import's last change
	 * @param edited whether somebody else changed it in between
	 */
	record Change(String contactId, Optional<ContactValues> before, long beforeVersion, long afterVersion,
			boolean edited) {
	}

}
