package io.sitestream.contactimporter;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

import io.sitestream.contactimporter.rows.ContactRow;
import io.sitestream.contactimporter.rows.ContactValues;
import io.sitestream.contactimporter.rows.ListField;
import io.sitestream.contactimporter.rows.TextField;
import io.sitestream.contactjobs.OnDuplicate;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ContactBookUnitTests {

	@Test
	void replacesWithNonEmptyCellsAndUnitesLists() {
		ContactBook book = aBook(OnDuplicate.UPDATE, aContact("old", 1, "Ada", "ada@example.org"));

		RowOutcome outcome = book.take(new ContactRow(1,
				new ContactValues(Map.of(TextField.COMPANY, "Engines"), Map.of(ListField.EMAILS,
						List.of("ADA@example.org", "countess@example.org"), ListField.PHONES, List.of("+442079460018")),
						List.of())));

		assertThat(outcome).isEqualTo(RowOutcome.UPDATED);
		assertThat(book.changed()).singleElement().satisfies((contact) -> {
			assertThat(contact.version()).isEqualTo(2);
			assertThat(contact.values().texts())
				.isEqualTo(Map.of(TextField.FULL_NAME, "Ada", TextField.COMPANY, "Engines"));
			assertThat(contact.values().list(ListField.EMAILS)).containsExactly("ada@example.org",
					"countess@example.org");
			assertThat(contact.values().list(ListField.PHONES)).containsExactly("+442079460018");
		});
	}

	@Test
	void meansTheOldestContactThatHasOneOfTheEmails() {
		ContactBook book = aBook(OnDuplicate.UPDATE, aContact("young", 7, "Young", "a@example.org"),
				aContact("old", 3, "Old", "b@example.org"));

		book.take(aRow(1, "Both", "a@example.org", "b@example.org"));

		assertThat(book.changed()).extracting(Contact::contactId).containsExactly("old");
	}

	@Test
	void matchesByPhoneOnlyWithoutAnEmail() {
		Contact ada = new Contact("ada", 1, 1,
				new ContactValues(Map.of(), Map.of(ListField.PHONES, List.of("+1")), List.of()));
		ContactBook book = aBook(OnDuplicate.UPDATE, ada);
		Map<ListField, List<String>> phone = Map.of(ListField.PHONES, List.of("+1"));
		Map<ListField, List<String>> both = Map.of(ListField.PHONES, List.of("+1"), ListField.EMAILS,
				List.of("new@example.org"));

		assertThat(book.take(new ContactRow(1, new ContactValues(Map.of(), both, List.of()))))
			.isEqualTo(RowOutcome.CREATED);
		assertThat(book.take(new ContactRow(2, new ContactValues(Map.of(), phone, List.of()))))
			.isEqualTo(RowOutcome.UNCHANGED);
	}

	@Test
	void fillsOnlyWhatWasEmpty() {
		ContactBook book = aBook(OnDuplicate.FILL, aContact("ada", 1, "Ada", "ada@example.org"));

		assertThat(book.take(aRow(1, "Not Ada", "ada@example.org", "other@example.org")))
			.isEqualTo(RowOutcome.UNCHANGED);
		assertThat(book.changed()).isEmpty();
	}

	@Test
	void skipsWhatWasThereButNotWhatTheImportMadeItself() {
		ContactBook book = aBook(OnDuplicate.SKIP, aContact("ada", 1, "Ada", "ada@example.org"));

		assertThat(book.take(aRow(1, "Not Ada", "ada@example.org"))).isEqualTo(RowOutcome.SKIPPED);
		assertThat(book.take(aRow(2, "Bob", "bob@example.org"))).isEqualTo(RowOutcome.CREATED);
		assertThat(book.take(aRow(3, "Robert", "bob@example.org"))).isEqualTo(RowOutcome.UPDATED);
	}

	@Test
	void letsANameMadeOfItsPartsFollowThem() {
		Contact ada = new Contact("ada", 1, 1,
				new ContactValues(Map.of(TextField.FULL_NAME, "Ada King", TextField.GIVEN_NAME, "Ada",
						TextField.FAMILY_NAME, "King"), Map.of(ListField.EMAILS, List.of("ada@example.org")),
						List.of()));
		ContactBook book = aBook(OnDuplicate.UPDATE, ada);

		book.take(new ContactRow(1, new ContactValues(Map.of(TextField.FAMILY_NAME, "Lovelace"),
				Map.of(ListField.EMAILS, List.of("ada@example.org")), List.of())));

		assertThat(book.changed()).singleElement()
			.satisfies((contact) -> assertThat(contact.values().text(TextField.FULL_NAME)).hasValue("Ada Lovelace"));
	}

	/**
	 * Rows of few contacts and few fields, taken in any order, in books of any size that
	 * know of each other only what would be stored.
	 */
	@RepeatedTest(60)
	void endsWithTheLaterRowsValuesInWhateverOrderTheBatchesCome(RepetitionInfo repetition) {
		Random random = new Random(repetition.getCurrentRepetition());
		OnDuplicate onDuplicate = OnDuplicate.values()[random.nextInt(3)];
		List<ContactRow> rows = new ArrayList<>();
		for (int number = 1; number <= 30; number++) {
			rows.add(aRandomRow(random, number));
		}
		Map<String, ContactValues> inOrder = stored(rows, 30, onDuplicate);
		Collections.shuffle(rows, random);

		Map<String, ContactValues> shuffled = stored(rows, 1 + random.nextInt(7), onDuplicate);

		assertThat(shuffled).isEqualTo(inOrder);
	}

	private static Map<String, ContactValues> stored(List<ContactRow> rows, int batchSize, OnDuplicate onDuplicate) {
		Map<String, Contact> contacts = new HashMap<>();
		contacts.put("c0", aContact("c0", 0, "Was there", "p0@example.org"));
		Map<String, ImportMarks> marks = new HashMap<>();
		for (int from = 0; from < rows.size(); from += batchSize) {
			ContactBook book = new ContactBook(contacts.values(), marks, onDuplicate,
					() -> UUID.randomUUID().toString());
			rows.subList(from, Math.min(rows.size(), from + batchSize)).forEach(book::take);
			book.changed().forEach((contact) -> contacts.put(contact.contactId(), contact));
			marks.putAll(book.touched());
		}
		Map<String, ContactValues> byEmail = new HashMap<>();
		contacts.values()
			.forEach((contact) -> byEmail.put(contact.values().list(ListField.EMAILS).getFirst(), contact.values()));
		return byEmail;
	}

	private static ContactRow aRandomRow(Random random, int number) {
		Map<TextField, String> texts = new HashMap<>();
		for (TextField field : List.of(TextField.FULL_NAME, TextField.COMPANY, TextField.NOTES)) {
			if (random.nextBoolean()) {
				texts.put(field, field + " of row " + number);
			}
		}
		Map<ListField, List<String>> lists = Map.of(ListField.EMAILS,
				List.of("p" + random.nextInt(4) + "@example.org"));
		return new ContactRow(number, new ContactValues(texts, lists, List.of()));
	}

	private static ContactBook aBook(OnDuplicate onDuplicate, Contact... known) {
		List<String> ids = new ArrayList<>(List.of("new-1", "new-2", "new-3"));
		return new ContactBook(List.of(known), Map.of(), onDuplicate, ids::removeFirst);
	}

	private static Contact aContact(String contactId, long age, String name, String email) {
		return new Contact(contactId, 1, age, new ContactValues(Map.of(TextField.FULL_NAME, name),
				Map.of(ListField.EMAILS, List.of(email)), List.of()));
	}

	private static ContactRow aRow(long number, String name, String... emails) {
		return new ContactRow(number, new ContactValues(Map.of(TextField.FULL_NAME, name),
				Map.of(ListField.EMAILS, List.of(emails)), List.of()));
	}

}
