package io.sitestream.contactimporter;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import io.sitestream.contactimporter.OutcomeLedger.RejectedRow;
import io.sitestream.contactjobs.ContactImportEvent;
import io.sitestream.contactjobs.ContactImportEvent.ImportBatchCompleted;
import io.sitestream.contactjobs.ContactImportEvent.ImportBatchFailed;
import io.sitestream.contactjobs.ContactImportTopics;
import io.sitestream.contactjobs.ImportBatch;
import io.sitestream.contactjobs.ImportBatchRequested;
import io.sitestream.contactjobs.RowOutcomes;
import io.sitestream.platform.Emission;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.RecordFormat;

import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Answers for batches that cannot be processed at all, so that their imports end and
 * balance: the rows are rejected with the reason {@code batch-failed}. The answer is
 * recorded, and is the answer for ever: should the dead letter be processed later, it
 * repeats its answer and stores nothing, since its sender may have imported the rejected
 * rows again by then. A value that cannot be read leaves the key, which names the batch
 * but not its number of rows. A value of another batch than its key says is no answer's
 * cause: nobody knows which of the two is meant, and either may still come.
 */
@Component
class FailedBatches {

	private static final Pattern KEY = Pattern.compile("([A-Za-z0-9._-]{1,128})/([1-9]\\d{0,8})");

	private final RecordFormat format;

	private final OutcomeLedger ledger;

	private final TransactionOperations transaction;

	private final Clock clock;

	FailedBatches(RecordFormat format, OutcomeLedger ledger, TransactionOperations transaction, Clock clock) {
		this.format = format;
		this.ledger = ledger;
		this.transaction = transaction;
		this.clock = clock;
	}

	List<Emission> answer(RawRecord record, Throwable cause) {
		Optional<ImportBatch> readable = readable(record);
		if (readable.filter((batch) -> !batch.key().equals(record.keyText())).isPresent()) {
			return List.of();
		}
		return readable.filter(ImportBatchRequested.class::isInstance)
			.map(ImportBatchRequested.class::cast)
			.filter((batch) -> batch.batch() > 0)
			.flatMap((batch) -> answer(batch, cause))
			.or(() -> answer(record))
			.map((answer) -> Emission.of(ContactImportTopics.CONTACT_IMPORT_EVENTS, answer.importId(), answer))
			.stream()
			.toList();
	}

	/**
	 * The answer with every row's rejection, unless the database refuses even that.
	 */
	private Optional<ContactImportEvent> answer(ImportBatchRequested batch, Throwable cause) {
		ImportBatchCompleted answer = new ImportBatchCompleted(batch.importId(), batch.batch(),
				new RowOutcomes(0, 0, 0, 0, batch.rows().size()), now());
		String error = "batch-failed: the rows %d to %d could not be stored (%s). They can be imported again."
			.formatted(batch.firstRow(), batch.firstRow() + batch.rows().size() - 1, cause.getClass().getSimpleName());
		List<RejectedRow> rejected = IntStream.range(0, batch.rows().size())
			.mapToObj((i) -> new RejectedRow(batch.firstRow() + i, batch.rows().get(i), error))
			.toList();
		try {
			return Optional.of(recorded(batch.importId(), batch.batch(), answer,
					() -> this.ledger.record(batch, answer, rejected)));
		}
		catch (DataIntegrityViolationException ex) {
			return Optional.empty();
		}
	}

	private Optional<ContactImportEvent> answer(RawRecord record) {
		Matcher key = KEY.matcher(Objects.requireNonNullElse(record.keyText(), ""));
		if (!key.matches()) {
			return Optional.empty();
		}
		ImportBatchFailed answer = new ImportBatchFailed(key.group(1), Integer.parseInt(key.group(2)), now());
		return Optional.of(recorded(answer.importId(), answer.batch(), answer, () -> this.ledger.record(answer)));
	}

	private ContactImportEvent recorded(String importId, int batch, ContactImportEvent answer, Runnable record) {
		return Objects
			.requireNonNull(this.transaction.execute((status) -> this.ledger.find(importId, batch).orElseGet(() -> {
				record.run();
				return answer;
			})));
	}

	private Optional<ImportBatch> readable(RawRecord record) {
		try {
			return Optional.ofNullable(record.value()).map((value) -> this.format.read(value, ImportBatch.class));
		}
		catch (IllegalArgumentException ex) {
			return Optional.empty();
		}
	}

	private Instant now() {
		return this.clock.instant().truncatedTo(ChronoUnit.MICROS);
	}

}
