package io.sitestream.contactimporter;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import io.sitestream.SitestreamTest;
import io.sitestream.contactjobs.ContactImportEvent.ImportBatchCompleted;
import io.sitestream.contactjobs.ImportBatchRequested;
import io.sitestream.contactjobs.OnDuplicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rows with several e-mails in batches that are stored side by side, in the database.
 */
@SitestreamTest(modules = { "contactjobs", "contactimporter" })
class SharedEmailsIntegrationTests {

	private static final int BATCHES = 12;

	private static final int ROWS = 10;

	@Autowired
	BatchImporter importer;

	@Autowired
	JdbcClient jdbc;

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void makesTheSameSideBySideAsInOrderButOfRowsThatOnlyOthersTieTogether(long seed) {
		Random random = new Random(seed);
		List<Set<String>> emails = IntStream.range(0, BATCHES * ROWS).mapToObj((row) -> emails(random)).toList();
		String inOrder = "in-order-" + UUID.randomUUID();
		String sideBySide = "side-by-side-" + UUID.randomUUID();

		batches(inOrder, emails).forEach(this.importer::store);
		List<ImportBatchRequested> shuffled = new ArrayList<>(batches(sideBySide, emails));
		Collections.shuffle(shuffled, random);
		long created;
		try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
			created = shuffled.stream()
				.map((batch) -> CompletableFuture.supplyAsync(() -> this.importer.store(batch), threads))
				.toList()
				.stream()
				.mapToLong((stored) -> ((ImportBatchCompleted) stored.join()).outcomes().created())
				.sum();
		}

		List<Seen> one = contacts(inOrder);
		List<Seen> other = contacts(sideBySide);
		assertThat(other).hasSize((int) created);
		List<SharedEmails> groups = SharedEmails.groups(List.of(), emails);
		for (SharedEmails group : groups) {
			List<Seen> found = of(group, other);
			if (group.isUnambiguous()) {
				assertThat(found).as("%s", group).hasSize(1).isEqualTo(of(group, one));
			}
			assertThat(found).flatMap(Seen::emails).containsAll(group.emails());
			assertThat(found).hasSizeBetween(1, group.strangers());
		}
		assertThat(groups).anyMatch(SharedEmails::isUnambiguous).anyMatch((group) -> !group.isUnambiguous());
	}

	private static List<ImportBatchRequested> batches(String account, List<Set<String>> emails) {
		return IntStream.range(0, BATCHES).mapToObj((batch) -> {
			List<List<String>> rows = IntStream.range(batch * ROWS, (batch + 1) * ROWS)
				.mapToObj((row) -> List.of("Row " + (row + 1), String.join(";", emails.get(row))))
				.toList();
			return new ImportBatchRequested("of-" + account, account, batch + 1, 1 + (long) batch * ROWS,
					List.of("name", "email"), rows, OnDuplicate.UPDATE, null);
		}).toList();
	}

	/** Mostly one of a person's two e-mails, sometimes both, rarely one of another's. */
	private static Set<String> emails(Random random) {
		int person = random.nextInt(30);
		Set<String> emails = new TreeSet<>(Set.of("p" + person + "@example.org"));
		if (random.nextInt(3) == 0) {
			emails.add("q" + person + "@example.org");
		}
		if (random.nextInt(40) == 0) {
			emails.add("p" + random.nextInt(30) + "@example.org");
		}
		if (random.nextInt(8) == 0) {
			emails.remove("p" + person + "@example.org");
			emails.add("q" + person + "@example.org");
		}
		return emails;
	}

	private static List<Seen> of(SharedEmails group, List<Seen> contacts) {
		return contacts.stream().filter((seen) -> !Collections.disjoint(seen.emails(), group.emails())).toList();
	}

	private List<Seen> contacts(String account) {
		return this.jdbc.sql("""
				select full_name, array_to_string(array(select jsonb_array_elements_text(emails)), ' ') as emails
				from contacts.contact where account = ?
				""")
			.param(account)
			.query((row, number) -> new Seen(Set.of(row.getString("emails").split(" ")), row.getString("full_name")))
			.list();
	}

	/**
	 * What there is to see of a contact.
	 *
	 * @param emails its e-mails
	 * @param name its name
	 */
	private record Seen(Set<String> emails, String name) {

	}

}
