package io.sitestream.contactjobs.intake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

import de.siegmar.fastcsv.reader.CsvParseException;
import io.sitestream.contactjobs.ColumnAliases;
import io.sitestream.contactjobs.ContactImportEvent.ImportBroken;
import io.sitestream.contactjobs.ContactImportEvent.ImportCut;
import io.sitestream.contactjobs.ContactImportEvent.ImportStarted;
import io.sitestream.contactjobs.ContactImportEvent.ImportUploadContinued;
import io.sitestream.contactjobs.ContactImportEvent;
import io.sitestream.contactjobs.ContactImportTopics;
import io.sitestream.contactjobs.ContactJobsProperties;
import io.sitestream.contactjobs.UploadFingerprint;
import io.sitestream.contactjobs.intake.BatchCutter.Frame;
import io.sitestream.contactjobs.intake.ImportClaims.Claim;
import io.sitestream.contactjobs.tracking.ContactImports;
import io.sitestream.platform.BrokerUnavailableException;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Emitter;
import io.sitestream.platform.Problem;
import io.sitestream.platform.ProblemException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Turns a file into batches on a topic while it comes in. {@code ImportStarted} is
 * acknowledged before the first batch is sent, and every batch before {@code ImportCut}:
 * whoever knows the cut knows that all batches can be read.
 */
@Component
class ContactImportIntake {

	private static final Logger log = LoggerFactory.getLogger(ContactImportIntake.class);

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final Emitter emitter;

	private final ContactImports imports;

	private final ImportClaims claims;

	private final SendWindow window;

	private final OpenUploads uploads;

	private final ColumnAliases aliases;

	private final Duration signOfLife;

	private final Clock clock;

	ContactImportIntake(Emitter emitter, ContactImports imports, ImportClaims claims, SendWindow window,
			OpenUploads uploads, ContactJobsProperties properties, Clock clock) {
		this.emitter = emitter;
		this.imports = imports;
		this.claims = claims;
		this.window = window;
		this.uploads = uploads;
		this.aliases = properties.columns();
		this.signOfLife = properties.uploadTimeout().dividedBy(3);
		this.clock = clock;
	}

	/**
	 * Takes a file in, and returns when this instance shows the import.
	 * @param order whose it is and how it is meant
	 * @param upload the file
	 * @return where the import is
	 * @throws ProblemException if the file cannot be used; it carries the import's
	 * location when the import had begun before that was seen. 409
	 * {@code import-in-progress} while an earlier upload with the same idempotency key
	 * runs, whose location is answered once it is through; 422
	 * {@code idempotency-key-reused} if that was another file's. 503 {@code store-behind}
	 * if this instance does not show it in time, {@code store-not-ready} if it shows none
	 */
	URI take(ImportOrder order, Upload upload) {
		try (OpenUploads.Visit visit = this.uploads.visit()) {
			return takeIn(order, upload);
		}
	}

	private URI takeIn(ImportOrder order, Upload upload) {
		this.imports.requireFollowing();
		UploadFingerprint fingerprint = order.fingerprint(upload);
		Claim claim = this.claims.of(order, fingerprint);
		if (claim.isThrough()) {
			return location(claim.importId());
		}
		LivingInputStream content = new LivingInputStream(upload.content(), this.signOfLife);
		ContactFile file = open(upload.with(content));
		while (!begin(order, claim, fingerprint)) {
			claim = this.claims.of(order, fingerprint);
			if (claim.isThrough()) {
				return location(claim.importId());
			}
		}
		String importId = claim.importId();
		content.begin((count) -> live(importId, count));
		try (OpenUpload open = this.uploads.open(importId)) {
			end(order, open, file);
		}
		requireShown(importId);
		return location(importId);
	}

	private void requireShown(String importId) {
		if (!this.imports.awaitShown(importId, PATIENCE)) {
			throw located(new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, "store-behind",
					"Import '%s' was taken and goes on, but this instance does not show it after %d ms: do not repeat it, look at %s."
						.formatted(importId, PATIENCE.toMillis(), location(importId)))
				.withHeader("Retry-After", "1"), importId);
		}
	}

	/**
	 * Says that the import begins.
	 * @return whether it is that of this upload, and not of another one with the same
	 * idempotency key that was faster
	 */
	private boolean begin(ImportOrder order, Claim claim, UploadFingerprint fingerprint) {
		report(new ImportStarted(claim.importId(), order.account().id(), order.channelId(), claim.uploadId(),
				(claim.uploadId() != null) ? fingerprint : null, this.clock.instant()));
		if (claim.uploadId() != null) {
			requireShown(claim.importId());
			if (!this.imports.isOf(claim.importId(), claim.uploadId())) {
				return false;
			}
		}
		log.info("Import {} of account {} begins.", claim.importId(), order.account().id());
		return true;
	}

	private void live(String importId, long count) throws UploadGivenUpException {
		requireRunning(importId);
		this.emitter.send(emission(new ImportUploadContinued(importId, count, this.clock.instant())));
	}

	private void requireRunning(String importId) throws UploadGivenUpException {
		Optional<Problem> problem = this.imports.findProblem(importId);
		if (problem.isPresent()) {
			throw new UploadGivenUpException(problem.get());
		}
	}

	private void end(ImportOrder order, OpenUpload upload, ContactFile file) {
		String importId = upload.importId();
		try {
			ImportCut cut = cut(order, upload, file);
			report(cut);
			log.info("Import {} is cut: {} rows, {} batches.", importId, cut.rows(), cut.batches());
		}
		catch (BrokerUnavailableException ex) {
			// it may come through when the broker is back
			this.emitter.send(emission(new ImportBroken(importId, ex.problem(), this.clock.instant())));
			throw located(ex, importId);
		}
		catch (IOException | RuntimeException ex) {
			Problem problem = problem(ex);
			log.info("Import {} is broken: {}", importId, problem.detail());
			report(new ImportBroken(importId, problem, this.clock.instant()));
			this.imports.awaitEnded(importId, PATIENCE);
			throw located(new ProblemException(problem), importId);
		}
	}

	private ContactFile open(Upload upload) {
		try {
			return ContactFile.open(upload, this.aliases);
		}
		catch (IOException ex) {
			throw new ProblemException(problem(ex));
		}
	}

	private ImportCut cut(ImportOrder order, OpenUpload upload, ContactFile file) throws IOException {
		String importId = upload.importId();
		BatchSender sender = new BatchSender(this.emitter, this.window);
		BatchCutter cutter = new BatchCutter(
				new Frame(importId, order.account().id(), file.columns(), order.onDuplicate(), order.defaultRegion()),
				sender::send);
		while (file.rows().hasNext()) {
			upload.requireOpen();
			cutter.add(file.rows().next());
		}
		cutter.end();
		sender.awaitAcknowledgements();
		requireRunning(importId);
		upload.through();
		return new ImportCut(importId, cutter.rows(), cutter.batches(), this.clock.instant());
	}

	private void report(ContactImportEvent event) {
		this.emitter.emit(emission(event));
	}

	private static Emission emission(ContactImportEvent event) {
		return Emission.of(ContactImportTopics.CONTACT_IMPORT_EVENTS, event.importId(), event);
	}

	private static ProblemException located(ProblemException ex, String importId) {
		return ex.withHeader("Location", location(importId).toString());
	}

	private static URI location(String importId) {
		return URI.create("/api/contact-imports/" + importId);
	}

	private static Problem problem(Exception ex) {
		Throwable cause = ex;
		while ((cause instanceof UncheckedIOException || cause instanceof CsvParseException)
				&& cause.getCause() != null) {
			cause = cause.getCause();
		}
		return switch (cause) {
			case FileTooLargeException large ->
				Problem.of(HttpStatus.CONTENT_TOO_LARGE, "file-too-large", String.valueOf(large.getMessage()));
			case CharacterCodingException coding -> Problem.of(HttpStatus.BAD_REQUEST, "unusable-file",
					"The file is not wholly in the encoding that it begins with: save it as UTF-8.");
			case CsvParseException parse -> Problem.of(HttpStatus.BAD_REQUEST, "unusable-file",
					"The file cannot be read as CSV: %s".formatted(parse.getMessage()));
			case RowTooLargeException row ->
				Problem.of(HttpStatus.BAD_REQUEST, "unusable-file", String.valueOf(row.getMessage()));
			case UploadGivenUpException late -> late.problem();
			case IOException io -> Problem.of(HttpStatus.BAD_REQUEST, "upload-broken",
					"The upload ended before the file did: send it again.");
			default -> {
				log.error("An upload failed", cause);
				yield Problem.of(HttpStatus.INTERNAL_SERVER_ERROR, "internal-error",
						"Something went wrong here, not with the file. The log of this instance says what.");
			}
		};
	}

}
