package io.sitestream.contactimporter;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.sitestream.contactimporter.rows.Address;
import io.sitestream.contactimporter.rows.ContactRow;
import io.sitestream.contactimporter.rows.ContactValues;
import io.sitestream.contactimporter.rows.CanonicalText;
import io.sitestream.contactimporter.rows.ListField;
import io.sitestream.contactimporter.rows.TextField;
import io.sitestream.contactjobs.OnDuplicate;

/**
 * What a row does to a contact. {@link OnDuplicate} speaks about what was there before
 * the import; among the rows of one file the later one's values win, field by field, in
 * whatever order the rows come. So a field that the import has set itself may be set
 * again by a later row, and a contact that the import has created is open to all its
 * rows.
 *
 * @param contact the contact after the row
 * @param marks what the import has done to it, this row included
 * @param outcome what became of the row
 */
record Merge(Contact contact, ImportMarks marks, RowOutcome outcome) {

	private static final String ADDRESSES = "ADDRESSES";

	static Merge create(String contactId, long age, ContactRow row) {
		Contact empty = new Contact(contactId, 0, age, ContactValues.EMPTY);
		Merge merged = merge(empty, new ImportMarks(true, Map.of()), row, OnDuplicate.UPDATE);
		return new Merge(merged.contact, merged.marks, RowOutcome.CREATED);
	}

	static Merge merge(Contact contact, ImportMarks marks, ContactRow row, OnDuplicate onDuplicate) {
		OnDuplicate rule = marks.created() ? OnDuplicate.UPDATE : onDuplicate;
		if (rule == OnDuplicate.SKIP) {
			return new Merge(contact, marks, RowOutcome.SKIPPED);
		}
		Map<String, Long> set = new HashMap<>();
		ContactValues before = contact.values();
		ContactValues values = new ContactValues(texts(before, marks, row, rule, set),
				lists(before, marks, row, rule, set), addresses(before, marks, row, rule, set));
		ImportMarks after = marks.with(set);
		return values.equals(before) ? new Merge(contact, after, RowOutcome.UNCHANGED)
				: new Merge(contact.changed(values), after, RowOutcome.UPDATED);
	}

	private static Map<TextField, String> texts(ContactValues before, ImportMarks marks, ContactRow row,
			OnDuplicate rule, Map<String, Long> set) {
		Map<TextField, String> texts = new EnumMap<>(TextField.class);
		texts.putAll(before.texts());
		row.values().texts().forEach((field, text) -> {
			if (isOpen(rule, before.text(field).isEmpty(), marks.row(field)) && row.number() >= marks.row(field)) {
				if (before.text(field).filter((same) -> CanonicalText.areEqual(same, text)).isEmpty()) {
					texts.put(field, text);
				}
				set.put(field.name(), row.number());
			}
		});
		completeName(before, marks, texts, set);
		return texts;
	}

	/**
	 * A name that was put together from its parts follows them. One that the import has
	 * put together where there was none counts as set by the first row, so that every row
	 * with a whole name may replace it.
	 */
	private static void completeName(ContactValues before, ImportMarks marks, Map<TextField, String> texts,
			Map<String, Long> set) {
		Optional<String> whole = before.text(TextField.FULL_NAME);
		boolean isDerived = whole.isEmpty() || CanonicalText.areEqual(whole.get(), joined(before.texts()));
		String name = joined(texts);
		if (!set.containsKey(TextField.FULL_NAME.name()) && isDerived && !name.isEmpty()) {
			texts.put(TextField.FULL_NAME, name);
			if (whole.isEmpty()) {
				set.put(TextField.FULL_NAME.name(), 1L);
			}
		}
	}

	private static String joined(Map<TextField, String> texts) {
		return Stream.of(TextField.GIVEN_NAME, TextField.FAMILY_NAME)
			.map((part) -> texts.getOrDefault(part, ""))
			.filter((part) -> !part.isEmpty())
			.collect(Collectors.joining(" "));
	}

	private static Map<ListField, List<String>> lists(ContactValues before, ImportMarks marks, ContactRow row,
			OnDuplicate rule, Map<String, Long> set) {
		Map<ListField, List<String>> lists = new EnumMap<>(ListField.class);
		lists.putAll(before.lists());
		row.values().lists().forEach((field, more) -> {
			if (isOpen(rule, before.list(field).isEmpty(), marks.row(field))) {
				lists.put(field, union(field, before.list(field), more));
				set.put(field.name(), row.number());
			}
		});
		return lists;
	}

	private static List<Address> addresses(ContactValues before, ImportMarks marks, ContactRow row, OnDuplicate rule,
			Map<String, Long> set) {
		List<Address> addresses = row.values().addresses();
		long last = marks.row(ADDRESSES);
		if (!addresses.isEmpty() && isOpen(rule, before.addresses().isEmpty(), last) && row.number() >= last) {
			set.put(ADDRESSES, row.number());
			return canonical(addresses).equals(canonical(before.addresses())) ? before.addresses() : addresses;
		}
		return before.addresses();
	}

	private static List<Address> canonical(List<Address> addresses) {
		return addresses.stream().map(Address::canonical).toList();
	}

	private static boolean isOpen(OnDuplicate rule, boolean isEmpty, long setByRow) {
		return rule == OnDuplicate.UPDATE || isEmpty || setByRow > 0;
	}

	private static List<String> union(ListField field, List<String> one, List<String> more) {
		Map<String, String> union = new LinkedHashMap<>();
		Stream.concat(one.stream(), more.stream()).forEach((value) -> union.putIfAbsent(field.key(value), value));
		return new ArrayList<>(union.values());
	}

}
