package io.sitestream.contactjobs.intake;

import java.util.ArrayList;
import java.util.List;

import io.sitestream.contactjobs.ContactColumns;
import io.sitestream.contactjobs.ImportBatchRequested;
import io.sitestream.contactjobs.OnDuplicate;
import io.sitestream.contactjobs.intake.BatchCutter.Frame;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class BatchCutterUnitTests {

	final List<ImportBatchRequested> batches = new ArrayList<>();

	final BatchCutter cutter = new BatchCutter(
			new Frame("i", "ada", ContactColumns.of(List.of("name")), OnDuplicate.UPDATE, null),
			(batch, bytes) -> this.batches.add(batch));

	@Test
	void cutsAfterAThousandRows() throws Exception {
		for (int row = 1; row <= 2001; row++) {
			this.cutter.add(List.of("row " + row));
		}
		this.cutter.end();

		assertThat(this.batches).extracting(ImportBatchRequested::batch).containsExactly(1, 2, 3);
		assertThat(this.batches).extracting(ImportBatchRequested::firstRow).containsExactly(1L, 1001L, 2001L);
		assertThat(this.batches).extracting((batch) -> batch.rows().getFirst().getFirst())
			.containsExactly("row 1", "row 1001", "row 2001");
		assertThat(this.cutter.rows()).isEqualTo(2001);
		assertThat(this.cutter.batches()).isEqualTo(3);
	}

	@Test
	void cutsBeforeABatchIsTooLargeForKafka() throws Exception {
		String cell = "\u0001\"ä€\\😀".repeat(1000);
		for (int row = 1; row <= 200; row++) {
			this.cutter.add(List.of(cell, cell));
		}
		this.cutter.end();

		assertThat(this.batches).hasSizeBetween(4, 20);
		assertThat(this.batches).allSatisfy((batch) -> assertThat(JsonMapper.shared().writeValueAsBytes(batch))
			.hasSizeLessThan(BatchCutter.MAX_BYTES + 1024));
		assertThat(this.batches.stream().mapToInt((batch) -> batch.rows().size()).sum()).isEqualTo(200);
	}

	@Test
	void refusesARowThatFitsIntoNoBatch() throws Exception {
		this.cutter.add(List.of("small"));

		assertThatExceptionOfType(RowTooLargeException.class)
			.isThrownBy(() -> this.cutter.add(List.of("x".repeat(BatchCutter.MAX_BYTES))))
			.withMessage(
					"Row 2 has more than 524288 bytes, the limit of a row: a quote may be missing there, or before it.");
	}

	@Test
	void cutsOneEmptyBatchOutOfNoRowsSoThatTheHeaderIsKnown() {
		this.cutter.end();

		assertThat(this.batches).singleElement().satisfies((batch) -> {
			assertThat(batch.rows()).isEmpty();
			assertThat(batch.batch()).isOne();
		});
	}

}
