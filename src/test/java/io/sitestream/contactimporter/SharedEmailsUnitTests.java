package io.sitestream.contactimporter;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;

import io.sitestream.contactimporter.rows.ContactRow;
import io.sitestream.contactimporter.rows.ContactValues;
import io.sitestream.contactimporter.rows.ListField;
import io.sitestream.contactimporter.rows.TextField;
import io.sitestream.contactjobs.OnDuplicate;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rows with several e-mails in batches of any order, against a model in a few lines: what
 * the order must not change, and exactly what it may.
 */
class SharedEmailsUnitTests {

	@RepeatedTest(300)
	void makesTheSameInAnyOrderButOfRowsThatOnlyOthersTieTogether(RepetitionInfo repetition) {
		Random random = new Random(repetition.getCurrentRepetition());
		List<Set<String>> before = IntStream.range(0, random.nextInt(3)).mapToObj((i) -> emails(random)).toList();
		List<ContactRow> rows = IntStream.rangeClosed(1, 10).mapToObj((number) -> aRow(random, number)).toList();
		List<ContactRow> shuffled = new ArrayList<>(rows);
		Collections.shuffle(shuffled, random);

		List<Seen> inOrder = stored(before, rows, 10);
		List<Seen> inAnotherOrder = stored(before, shuffled, 1 + random.nextInt(4));

		assertThat(inOrder).containsExactlyInAnyOrderElementsOf(model(before, rows));
		assertThat(inAnotherOrder).containsExactlyInAnyOrderElementsOf(model(before, shuffled));
		for (SharedEmails group : SharedEmails.groups(before,
				rows.stream().map(SharedEmailsUnitTests::emails).toList())) {
			List<Seen> one = of(group, inOrder);
			List<Seen> other = of(group, inAnotherOrder);
			if (group.isUnambiguous()) {
				assertThat(other).as("%s", group).containsExactlyInAnyOrderElementsOf(one);
			}
			assertThat(other.size() - group.before().size()).as("new contacts of %s", group)
				.isBetween(group.before().isEmpty() ? 1 : 0, group.strangers());
			assertThat(other.stream().flatMap((seen) -> seen.emails().stream())).containsAll(group.emails());
		}
	}

	@Test
	void tiesNothingTogetherAfterwards() {
		ContactRow one = aRow(1, "One", "a");
		ContactRow two = aRow(2, "Two", "a", "b");
		ContactRow three = aRow(3, "Three", "b");

		assertThat(stored(List.of(), List.of(one, two, three), 1)).containsExactly(new Seen(Set.of("a", "b"), "Three"));
		assertThat(stored(List.of(), List.of(one, three, two), 1))
			.containsExactlyInAnyOrder(new Seen(Set.of("a", "b"), "Two"), new Seen(Set.of("b"), "Three"));
	}

	/** Only a row without any e-mail is matched by phone. */
	@Test
	void findsByPhoneOnlyWhatIsThere() {
		ContactValues both = new ContactValues(Map.of(TextField.FULL_NAME, "Both"),
				Map.of(ListField.EMAILS, List.of("a"), ListField.PHONES, List.of("+1")), List.of());
		ContactValues phone = new ContactValues(Map.of(TextField.FULL_NAME, "Phone"),
				Map.of(ListField.PHONES, List.of("+1")), List.of());

		assertThat(stored(List.of(), List.of(new ContactRow(1, both), new ContactRow(2, phone)), 1))
			.containsExactly(new Seen(Set.of("a"), "Phone"));
		assertThat(stored(List.of(), List.of(new ContactRow(2, phone), new ContactRow(1, both)), 1))
			.containsExactlyInAnyOrder(new Seen(Set.of(), "Phone"), new Seen(Set.of("a"), "Both"));
	}

	private static List<Seen> of(SharedEmails group, List<Seen> contacts) {
		return contacts.stream().filter((seen) -> !Collections.disjoint(seen.emails(), group.emails())).toList();
	}

	/** What batches of so many rows make of the contacts that were there. */
	private static List<Seen> stored(List<Set<String>> before, List<ContactRow> rows, int batchSize) {
		Map<String, Contact> contacts = new HashMap<>();
		for (int age = 0; age < before.size(); age++) {
			contacts.put("before-" + age,
					new Contact("before-" + age, 1, age, values("Before " + age, before.get(age))));
		}
		Map<String, ImportMarks> marks = new HashMap<>();
		long created = 0;
		for (int from = 0; from < rows.size(); from += batchSize) {
			ContactBook book = new ContactBook(contacts.values(), marks, OnDuplicate.UPDATE,
					() -> UUID.randomUUID().toString());
			for (ContactRow row : rows.subList(from, Math.min(rows.size(), from + batchSize))) {
				created += (book.take(row) == RowOutcome.CREATED) ? 1 : 0;
			}
			for (Contact contact : book.changed()) {
				// a new one is younger than all that are stored
				long age = contacts.containsKey(contact.contactId()) ? contact.age() : contacts.size();
				contacts.put(contact.contactId(),
						new Contact(contact.contactId(), contact.version(), age, contact.values()));
			}
			marks.putAll(book.touched());
		}
		assertThat(created).isEqualTo(contacts.size() - before.size());
		return contacts.values().stream().map(Contact::values).map(Seen::of).toList();
	}

	/**
	 * The rules, one row after the other: the oldest contact with one of the e-mails, and
	 * of the rows that came to a contact the later one's name.
	 */
	private static List<Seen> model(List<Set<String>> before, List<ContactRow> rows) {
		List<Set<String>> emails = new ArrayList<>();
		List<TreeMap<Long, String>> names = new ArrayList<>();
		for (int i = 0; i < before.size(); i++) {
			emails.add(new LinkedHashSet<>(before.get(i)));
			names.add(new TreeMap<>(Map.of(0L, "Before " + i)));
		}
		for (ContactRow row : rows) {
			int found = IntStream.range(0, emails.size())
				.filter((i) -> !Collections.disjoint(emails.get(i), emails(row)))
				.findFirst()
				.orElse(emails.size());
			if (found == emails.size()) {
				emails.add(new LinkedHashSet<>());
				names.add(new TreeMap<>());
			}
			emails.get(found).addAll(emails(row));
			row.values().text(TextField.FULL_NAME).ifPresent((name) -> names.get(found).put(row.number(), name));
		}
		return IntStream.range(0, emails.size())
			.mapToObj((i) -> new Seen(emails.get(i), names.get(i).isEmpty() ? "" : names.get(i).lastEntry().getValue()))
			.toList();
	}

	private static Set<String> emails(ContactRow row) {
		return new LinkedHashSet<>(row.values().list(ListField.EMAILS));
	}

	private static Set<String> emails(Random random) {
		Set<String> emails = new TreeSet<>();
		IntStream.rangeClosed(0, random.nextInt(2))
			.forEach((i) -> emails.add("p" + random.nextInt(8) + "@example.org"));
		return emails;
	}

	private static ContactRow aRow(Random random, int number) {
		return new ContactRow(number, values((random.nextInt(4) == 0) ? "" : "Row " + number, emails(random)));
	}

	private static ContactRow aRow(long number, String name, String... emails) {
		return new ContactRow(number, values(name, List.of(emails)));
	}

	private static ContactValues values(String name, Collection<String> emails) {
		return new ContactValues(name.isEmpty() ? Map.of() : Map.of(TextField.FULL_NAME, name),
				Map.of(ListField.EMAILS, List.copyOf(emails)), List.of());
	}

	/**
	 * What there is to see of a contact.
	 *
	 * @param emails its e-mails
	 * @param name its name, or an empty text
	 */
	private record Seen(Set<String> emails, String name) {

		static Seen of(ContactValues values) {
			return new Seen(Set.copyOf(values.list(ListField.EMAILS)), values.text(TextField.FULL_NAME).orElse(""));
		}

	}

}
