package io.sitestream.contactimporter;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.sitestream.contactimporter.rows.ContactValues;
import io.sitestream.contactimporter.rows.ListField;
import io.sitestream.contactimporter.rows.TextField;

import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Component;

/**
 * Reads contacts from their table.
 */
@Component
class ContactRowMapper implements RowMapper<Contact> {

	static final String COLUMNS = "contact_id, version, age, full_name, given_name, family_name, company, job_title, birthday, notes, emails, phones, labels, addresses";

	private final JsonColumns json;

	ContactRowMapper(JsonColumns json) {
		this.json = json;
	}

	@Override
	public Contact mapRow(ResultSet row, int number) throws SQLException {
		Map<TextField, String> texts = new EnumMap<>(TextField.class);
		for (TextField field : TextField.values()) {
			String text = row.getString(field.name().toLowerCase());
			if (text != null) {
				texts.put(field, text);
			}
		}
		Map<ListField, List<String>> lists = new EnumMap<>(ListField.class);
		for (ListField field : ListField.values()) {
			List<String> values = this.json.strings(row.getString(field.name().toLowerCase()));
			if (!values.isEmpty()) {
				lists.put(field, values);
			}
		}
		return new Contact(row.getString("contact_id"), row.getLong("version"), row.getLong("age"),
				new ContactValues(texts, lists, this.json.addresses(row.getString("addresses"))));
	}

}
