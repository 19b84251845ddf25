package io.sitestream.contactimporter;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import io.sitestream.SitestreamTest;
import io.sitestream.contactjobs.ContactImportEvent.ImportBatchCompleted;
import io.sitestream.contactjobs.ContactImportEvent.ImportBatchFailed;
import io.sitestream.contactjobs.ContactImportEvent.ImportBatchUndone;
import io.sitestream.contactjobs.ImportBatchRequested;
import io.sitestream.contactjobs.ImportBatchUndoRequested;
import io.sitestream.contactjobs.ImportForgetRequested;
import io.sitestream.contactjobs.OnDuplicate;
import io.sitestream.contactjobs.RowOutcomes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

@SitestreamTest(modules = { "contactjobs", "contactimporter" })
class BatchImporterIntegrationTests {

	@Autowired
	BatchImporter importer;

	@Autowired
	BatchUndo undo;

	@Autowired
	ImportForgetting forgetting;

	@Autowired
	JdbcClient jdbc;

	final String account = "account-" + UUID.randomUUID();

	final String importId = UUID.randomUUID().toString();

	@Test
	void repeatsTheRecordedAnswerOfABatchThatIsDeliveredAgain() {
		ImportBatchRequested batch = batch(1, 1,
				List.of(List.of("Ada", "ada@example.org"), List.of("Ada", "ada@example.org"), List.of("Bob", "bob")));

		ImportBatchCompleted first = store(batch);
		ImportBatchCompleted again = store(batch);

		assertThat(first.outcomes()).isEqualTo(new RowOutcomes(1, 0, 1, 0, 1));
		assertThat(again).isEqualTo(first);
		assertThat(count("select count(*) from contacts.rejected_row where import_id = ?", this.importId)).isOne();
		assertThat(count("select sum(version) from contacts.contact where account = ?", this.account)).isOne();
	}

	@Test
	void letsTheLaterRowWinWhateverBatchIsStoredFirst() {
		store(batch(2, 1001, List.of(List.of("Later", "ada@example.org"))));
		ImportBatchCompleted earlier = store(batch(1, 1, List.of(List.of("Earlier", "ADA@example.org", "Engines"))));

		assertThat(earlier.outcomes()).isEqualTo(new RowOutcomes(0, 1, 0, 0, 0));
		assertThat(this.jdbc.sql("select full_name || ' of ' || company from contacts.contact where account = ?")
			.param(this.account)
			.query(String.class)
			.list()).containsExactly("Later of Engines");
	}

	@Test
	void storesBatchesOfOneAccountSideBySideWithoutDeadlocksAndDoubles() {
		List<ImportBatchRequested> batches = IntStream.rangeClosed(1, 12)
			.mapToObj((number) -> batch(number, number * 1000L, shuffledRows(number)))
			.toList();

		List<ImportBatchCompleted> answers;
		try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
			answers = batches.stream()
				.map((batch) -> CompletableFuture.supplyAsync(() -> store(batch), threads))
				.toList()
				.stream()
				.map(CompletableFuture::join)
				.toList();
		}

		assertThat(answers.stream().map(ImportBatchCompleted::outcomes).reduce(RowOutcomes.NONE, RowOutcomes::plus))
			.satisfies((sum) -> {
				assertThat(sum.created()).isEqualTo(200);
				assertThat(sum.sum()).isEqualTo(12 * 200);
			});
		assertThat(count("select count(*) from contacts.contact where account = ?", this.account)).isEqualTo(200);
		assertThat(this.jdbc.sql("select distinct full_name from contacts.contact where account = ?")
			.param(this.account)
			.query(String.class)
			.list()).containsExactly("Batch 12");
	}

	/**
	 * Rows about a few people in ten batches: whatever order these are stored in, the
	 * contacts are the same. Only the order of a list's values follows the batches.
	 */
	@ParameterizedTest
	@CsvSource({ "UPDATE,1", "UPDATE,2", "UPDATE,3", "FILL,4", "FILL,5", "FILL,6", "SKIP,7" })
	void makesTheSameOfAFileInAnyOrderOfItsBatches(OnDuplicate onDuplicate, long seed) {
		Random random = new Random(seed);
		List<List<String>> before = IntStream.range(0, 6).mapToObj((i) -> randomRow(random, i)).toList();
		List<List<List<String>>> file = IntStream.range(0, 10)
			.mapToObj(
					(batch) -> IntStream.range(0, 8).mapToObj((row) -> randomRow(random, random.nextInt(12))).toList())
			.toList();
		List<Integer> shuffled = new ArrayList<>(IntStream.range(0, 10).boxed().toList());
		Collections.shuffle(shuffled, random);

		Set<String> inOrder = stored("one-" + this.account, before, file, IntStream.range(0, 10).boxed().toList(),
				onDuplicate);
		Set<String> inAnotherOrder = stored("two-" + this.account, before, file, shuffled, onDuplicate);

		assertThat(inAnotherOrder).as("%s", shuffled).isEqualTo(inOrder).hasSizeGreaterThan(10);
	}

	private Set<String> stored(String account, List<List<String>> before, List<List<List<String>>> file,
			List<Integer> order, OnDuplicate onDuplicate) {
		List<String> columns = List.of("email", "name", "first name", "last name", "company", "phone", "labels", "city",
				"notes");
		store(new ImportBatchRequested("before-" + account, account, 1, 1, columns, before, OnDuplicate.UPDATE, null));
		order.forEach((batch) -> store(new ImportBatchRequested("import-" + account, account, batch + 1, 1 + 8L * batch,
				columns, file.get(batch), onDuplicate, null)));
		return Set.copyOf(this.jdbc.sql("""
				select concat_ws('|', full_name, given_name, family_name, company, notes, addresses,
				    (select array_agg(x order by x) from jsonb_array_elements_text(emails) as x),
				    (select array_agg(x order by x) from jsonb_array_elements_text(phones) as x),
				    (select array_agg(x order by x) from jsonb_array_elements_text(labels) as x))
				from contacts.contact where account = ?
				""").param(account).query(String.class).list());
	}

	private static List<String> randomRow(Random random, int person) {
		List<String> row = new ArrayList<>(List.of("p" + person + "@example.org"));
		for (String value : List.of("Name", "First", "Last", "Company", "+4930901820", "label", "City", "Note")) {
			row.add(random.nextInt(3) > 0 ? "" : value + random.nextInt(10));
		}
		return row;
	}

	@Test
	void anUndoThatIsDeliveredAgainRepeatsItsAnswerAndABatchAfterItStoresNothing() {
		ImportBatchRequested batch = batch(1, 1, List.of(List.of("Ada", "ada@example.org")));
		ImportBatchUndoRequested undo = new ImportBatchUndoRequested(this.importId, this.account, 1);
		ImportBatchCompleted stored = store(batch);

		ImportBatchUndone first = this.undo.undo(undo);
		ImportBatchUndone again = this.undo.undo(undo);

		assertThat(first).isEqualTo(again);
		assertThat(first.removed()).isOne();
		assertThat(store(batch)).isEqualTo(stored);
		assertThat(count("select count(*) from contacts.contact where account = ?", this.account)).isZero();
	}

	@Test
	void aBatchThatComesOnlyAfterItsUndoIsNotStored() {
		this.undo.undo(new ImportBatchUndoRequested(this.importId, this.account, 1));

		assertThat(this.importer.store(batch(1, 1, List.of(List.of("Ada", "ada@example.org")))))
			.isInstanceOf(ImportBatchFailed.class);
		assertThat(count("select count(*) from contacts.contact where account = ?", this.account)).isZero();
	}

	@Test
	void undoesAContactOfSeveralBatchesOnceWhateverTheirOrder() {
		store(new ImportBatchRequested("old-" + this.importId, this.account, 1, 1, List.of("name", "email"),
				List.of(List.of("Ada", "ada@example.org")), OnDuplicate.UPDATE, null));
		store(batch(2, 1001, List.of(List.of("Ada 2", "ada@example.org"), List.of("Bob", "bob@example.org"))));
		store(batch(1, 1, List.of(List.of("", "ada@example.org", "Engines"), List.of("", "bob@example.org", "Ships"))));

		ImportBatchUndone one = this.undo.undo(new ImportBatchUndoRequested(this.importId, this.account, 1));
		ImportBatchUndone two = this.undo.undo(new ImportBatchUndoRequested(this.importId, this.account, 2));

		assertThat(List.of(one.removed(), one.restored(), one.kept())).containsExactly(0L, 0L, 0L);
		assertThat(List.of(two.removed(), two.restored(), two.kept())).containsExactly(1L, 1L, 0L);
		assertThat(this.jdbc
			.sql("select full_name || coalesce(company, '') || version from contacts.contact where account = ?")
			.param(this.account)
			.query(String.class)
			.list()).containsExactly("Ada4");
	}

	/**
	 * An answer would free the id for an import whose batches would then be taken for
	 * those that are kept.
	 */
	@Test
	void forgetsNothingAndDoesNotSaySoWhileABatchWasStoredAfterTheEndThatIsMeant() {
		Instant stored = store(batch(1, 1, List.of(List.of("Ada", "ada@example.org"), List.of("Bob", "bob")))).at();

		assertThat(this.forgetting.forget(new ImportForgetRequested(this.importId, stored.minusMillis(1)))).isEmpty();
		assertThat(count("select count(*) from contacts.batch_outcome where import_id = ?", this.importId)).isOne();

		assertThat(this.forgetting.forget(new ImportForgetRequested(this.importId, stored)))
			.hasValueSatisfying((answer) -> assertThat(answer.finishedBefore()).isEqualTo(stored));
		for (String table : List.of("batch_outcome", "rejected_row", "imported_contact", "imported_file")) {
			assertThat(count("select count(*) from contacts.%s where import_id = ?".formatted(table), this.importId))
				.as(table)
				.isZero();
		}
		assertThat(this.forgetting.forget(new ImportForgetRequested(this.importId, stored))).as("again").isPresent();
	}

	@Test
	void keepsAccountsApart() {
		store(batch(1, 1, List.of(List.of("Ada", "ada@example.org"))));

		ImportBatchCompleted other = store(new ImportBatchRequested(UUID.randomUUID().toString(),
				"other-" + this.account, 1, 1, List.of("name", "email"), List.of(List.of("Ada", "ada@example.org")),
				OnDuplicate.UPDATE, null));

		assertThat(other.outcomes().created()).isOne();
	}

	@Test
	void storesACharacterThatTheDatabaseDoesNotTakeAsARejection() {
		ImportBatchCompleted answer = store(batch(1, 1, List.of(List.of("A\0da", "ada@example.org"))));

		assertThat(answer.outcomes().rejected()).isOne();
	}

	private ImportBatchCompleted store(ImportBatchRequested batch) {
		return (ImportBatchCompleted) this.importer.store(batch);
	}

	private ImportBatchRequested batch(int number, long firstRow, List<List<String>> rows) {
		return new ImportBatchRequested(this.importId, this.account, number, firstRow,
				List.of("name", "email", "company"), rows, OnDuplicate.UPDATE, null);
	}

	private static List<List<String>> shuffledRows(int batch) {
		List<List<String>> rows = new ArrayList<>();
		IntStream.range(0, 200).forEach((i) -> rows.add(List.of("Batch " + batch, "p" + i + "@example.org")));
		Collections.shuffle(rows, new Random(batch));
		return rows;
	}

	private long count(String sql, String parameter) {
		return this.jdbc.sql(sql).param(parameter).query(Long.class).single();
	}

}
