package io.sitestream.contactimporter.rows;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is said about a contact. What is empty has no entry.
 *
 * @param texts single values
 * @param lists lists, without doubles
 * @param addresses the addresses
 */
public record ContactValues(Map<TextField, String> texts, Map<ListField, List<String>> lists, List<Address> addresses) {

	public static final ContactValues EMPTY = new ContactValues(Map.of(), Map.of(), List.of());

	public Optional<String> text(TextField field) {
		return Optional.ofNullable(this.texts.get(field));
	}

	public List<String> list(ListField field) {
		return this.lists.getOrDefault(field, List.of());
	}

}
